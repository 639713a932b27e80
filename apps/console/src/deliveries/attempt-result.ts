type Ended = { readonly status: number | null; readonly errorClass: string | null };

/** Whether a reader has it by this attempt: its endpoint took it, or whoever pulled it has said so. */
export function hasArrived({ status, errorClass }: Ended): boolean {
  // One that was pulled has no status: no request was answered.
  return status === null ? errorClass === null : status >= 200 && status < 300;
}

/** Whose one sentence the word of the result says already, in the language of the page. */
const SAID: ReadonlySet<string> = new Set([
  'dns',
  'refused',
  'reset',
  'timeout',
  'aborted',
  'network',
  'lease-lapsed',
  'reader-retry',
  'reader-refused',
]);

type Failed = { readonly errorClass: string | null; readonly error?: string | null | undefined };

/** What went wrong in the words of the API, English ones, where the result leaves something open. */
export function moreOfError({ errorClass, error }: Failed): string | undefined {
  if (errorClass !== null && SAID.has(errorClass)) return undefined;
  return error ?? undefined;
}
