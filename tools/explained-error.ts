import { asIs, type Text } from './language.ts';

/** Something the user can put right: shown as its one sentence, without a stack. */
export class ExplainedError extends Error {
  override readonly name = 'ExplainedError';
  readonly text: Text;

  constructor(text: Text, options?: ErrorOptions) {
    super(text.en, options);
    this.text = text;
  }
}

/** The first line of what was thrown, for a sentence that goes on. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0]?.trim() || 'unknown reason';
}

/** The same in each language, as far as it was explained in them. */
export function reasonIn(error: unknown): Text {
  return error instanceof ExplainedError ? error.text : asIs(reasonOf(error));
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
