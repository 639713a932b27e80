type Ended = { readonly status: number | null; readonly errorClass: string | null };

/** Whether a reader has it by this attempt: its endpoint took it, or whoever pulled it has said so. */
export function hasArrived({ status, errorClass }: Ended): boolean {
  // One that was pulled has no status: no request was answered.
  return status === null ? errorClass === null : status >= 200 && status < 300;
}
