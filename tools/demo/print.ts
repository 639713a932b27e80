import type { Language, Text } from '../language.ts';
import { CHECKS } from './texts.ts';

/** Tells the story line by line: on the left the time since the start, on the right what happened. */
export interface Printer {
  readonly language: Language;
  /** A line in the left margin. */
  line(text?: string): void;
  scene(number: number, title: Text): void;
  /** Somebody does something; `call` is the HTTP request, if it is worth showing. */
  does(who: Text, what: Text, call?: string): void;
  /** A claim that was checked and holds. */
  holds(claim: Text): void;
  note(text: Text): void;
  fails(failed: { readonly claim: Text; readonly expected: Text; readonly came: Text }): void;
  readonly paint: Paint;
}

export interface PrinterOptions {
  readonly write: (text: string) => void;
  readonly language: Language;
  readonly colour: boolean;
  /** Milliseconds since the start of the demonstration. */
  readonly elapsedMs: () => number;
}

const STYLES = { bold: 1, dim: 2, red: 31, green: 32, cyan: 36 } as const;
type Style = keyof typeof STYLES;
type Paint = (style: Style, text: string) => string;

const WIDTH = 100;
const TIME_WIDTH = 9;

/** Colours are for terminals, and for people who did not ask to be spared (https://no-color.org). */
export function wantsColour(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
}

/** `  12.345` */
export function formatElapsed(ms: number): string {
  return (ms / 1000).toFixed(3).padStart(TIME_WIDTH - 1);
}

export function createPrinter({ write, language, colour, elapsedMs }: PrinterOptions): Printer {
  const paint: Paint = (style, text) => (colour ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text);
  const line = (text = '') => write(`${text}\n`);
  const margin = ' '.repeat(TIME_WIDTH);

  function timed(mark: string, text: string): void {
    line(`${paint('dim', formatElapsed(elapsedMs()))}  ${mark} ${text}`);
  }

  return {
    language,
    line,
    paint,
    scene(number, title) {
      const head = `── ${number}. ${title[language]} `;
      line();
      line(paint('bold', head + '─'.repeat(Math.max(3, WIDTH - head.length))));
    },
    does(who, what, call) {
      timed(paint('cyan', '→'), `${paint('bold', who[language])}: ${what[language]}`);
      if (call) line(`${margin}    ${paint('dim', call)}`);
    },
    holds: (claim) => timed(paint('green', '✓'), claim[language]),
    note: (text) => timed(' ', paint('dim', text[language])),
    fails({ claim, ...seen }) {
      timed(paint('red', '✗'), paint('red', claim[language]));
      const width = Math.max(CHECKS.expected[language].length, CHECKS.came[language].length) + 1;
      for (const name of ['expected', 'came'] as const) {
        const label = `${CHECKS[name][language]}:`.padEnd(width);
        line(`${margin}    ${label} ${seen[name][language]}`);
      }
    },
  };
}
