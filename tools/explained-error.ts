/** Something the user can put right: shown as its one sentence, without a stack. */
export class ExplainedError extends Error {
  override readonly name = 'ExplainedError';
}

/** The first line of what was thrown, for a sentence that goes on. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0]?.trim() || 'unknown reason';
}
