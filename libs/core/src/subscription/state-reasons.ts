/**
 * Why a subscription is in its state: what is kept of it and told by the API, each with a name by which a page says it in
 * another language. `…` stands for what differs.
 */
const SENTENCES = {
  'not-asked-yet': 'not verified yet: call verify once the endpoint is installed',
  paused: 'paused by its partner',
  moved: 'endpoint changed',
  gone: 'the endpoint answered 410 Gone',
  'failed-for-long': 'every attempt failed for 5 days',
  'not-sent': 'challenge was not sent: too many requests to this host are under way',
  failed: 'challenge failed: …',
  status: 'challenge was answered with status …, expected 2xx',
  'not-repeated': 'challenge was not repeated: expected {"challenge":"<the same text>"}',
} as const;

export type StateReason = keyof typeof SENTENCES;
export const STATE_REASONS = Object.keys(SENTENCES) as readonly StateReason[];

const HOLE = '…';

/** As it is kept. `what` belongs to `failed` and `status`. */
export function stateReason(name: StateReason, what = ''): string {
  return SENTENCES[name].replace(HOLE, () => what);
}

/** The name of a sentence that `stateReason` has written; undefined for any other text, of a later version. */
export function readStateReason(
  text: string,
): { readonly name: StateReason; readonly what: string } | undefined {
  for (const name of STATE_REASONS) {
    const [before = '', after] = SENTENCES[name].split(HOLE);
    if (after === undefined && text === before) return { name, what: '' };
    const isOfIt = after !== undefined && text.startsWith(before) && text.endsWith(after);
    if (isOfIt && text.length >= before.length + after.length) {
      return { name, what: text.slice(before.length, text.length - after.length) };
    }
  }
  return undefined;
}
