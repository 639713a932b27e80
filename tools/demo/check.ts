import { inspect, isDeepStrictEqual } from 'node:util';
import { asIs, type Text } from '../language.ts';

/** Something the demonstration claims did not hold. */
export class NotHeld extends Error {
  override readonly name = 'NotHeld';
  readonly claim: Text;
  readonly expected: Text;
  readonly came: Text;

  constructor(claim: Text, { expected, came }: { expected: Text; came: Text }) {
    super(claim.en);
    this.claim = claim;
    this.expected = expected;
    this.came = came;
  }
}

/** @throws NotHeld unless both are the same in depth */
export function checkEqual<T>(claim: Text, came: T, expected: T): void {
  if (isDeepStrictEqual(came, expected)) return;
  throw new NotHeld(claim, { expected: shown(expected), came: shown(came) });
}

/** @throws NotHeld when `condition` is false; `expected` says in words what should be true of `came` */
export function check(claim: Text, condition: boolean, seen: { expected: Text; came: unknown }): void {
  if (!condition) throw new NotHeld(claim, { expected: seen.expected, came: shown(seen.came) });
}

const MAX_SHOWN = 400;

/** A value on one line, in part where it is long. */
export function shown(value: unknown): Text {
  const text =
    typeof value === 'string' ? value : inspect(value, { depth: 4, breakLength: Infinity, compact: true });
  return asIs(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)} …` : text);
}
