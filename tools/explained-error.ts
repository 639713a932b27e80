/** Something the user can put right: shown as its one sentence, without a stack. */
export class ExplainedError extends Error {
  override readonly name = 'ExplainedError';
}

/** The first line of what was thrown, for a sentence that goes on. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0]?.trim() || 'unknown reason';
}

/** What a program said last, in one line, without the noise of a stack trace. */
export function lastWords(output: string, lineCount: number): string {
  const lines = output.split('\n').filter((line) => !STACK_NOISE.test(line));
  return lines
    .slice(-lineCount)
    .map((line) => line.trim())
    .join(' | ');
}

const STACK_NOISE = /^\s*$|^\s+at |^\s*\^+\s*$|^[\s{}[\]]*$|^Node\.js v|^\s+(code|url): '/;
