import { inspect, isDeepStrictEqual } from 'node:util';

/** Something the demonstration claims did not hold. */
export class NotHeld extends Error {
  override readonly name = 'NotHeld';
  readonly expected: string;
  readonly came: string;

  constructor(claim: string, { expected, came }: { expected: unknown; came: unknown }) {
    super(claim);
    this.expected = show(expected);
    this.came = show(came);
  }
}

/** @throws NotHeld unless both are the same in depth */
export function checkEqual<T>(claim: string, came: T, expected: T): void {
  if (!isDeepStrictEqual(came, expected)) throw new NotHeld(claim, { expected, came });
}

/** @throws NotHeld when `condition` is false; `expected` says in words what should be true of `came` */
export function check(claim: string, condition: boolean, seen: { expected: string; came: unknown }): void {
  if (!condition) throw new NotHeld(claim, seen);
}

const MAX_SHOWN = 400;

function show(value: unknown): string {
  const text = typeof value === 'string' ? value : inspect(value, { depth: 4, breakLength: 100, compact: 3 });
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)} …` : text;
}
