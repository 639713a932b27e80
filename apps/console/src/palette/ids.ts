import { type IdPrefix, isAnyId, parseDeliverJobId } from '@anika/core/ids';

/** What has an id, by its prefix. */
export const ID_KINDS = {
  top: 'topic',
  sub: 'subscription',
  msg: 'message',
  dlv: 'delivery',
  par: 'company',
  grt: 'grant',
  req: 'request',
  rpl: 'replay',
  era: 'erasure',
  usr: 'user',
  key: 'key',
  inv: 'invitation',
  ses: 'session',
} as const satisfies Record<IdPrefix, string>;

export type IdKind = (typeof ID_KINDS)[keyof typeof ID_KINDS];
export type PastedId = { readonly id: string; readonly kind: IdKind };

const PREFIXES: Readonly<Record<string, IdKind>> = ID_KINDS;
/** What may stand around an id where it was copied: quotes, commas. */
const AROUND = /^["'`\s]+|["'`,;.\s]+$/g;

/** The id that was pasted, or that of the delivery whose job was; undefined for anything else. */
export function pastedId(text: string): PastedId | undefined {
  const bare = text.replace(AROUND, '');
  const id = parseDeliverJobId(bare)?.deliveryId ?? bare;
  const kind = PREFIXES[id.slice(0, 3)];
  return kind === undefined || !isAnyId(id) ? undefined : { id, kind };
}

/** Where the page of a thing is found by its id alone. */
const PAGES: Partial<Readonly<Record<IdKind, string>>> = {
  topic: '/topics',
  subscription: '/subscriptions',
  message: '/messages',
  delivery: '/deliveries',
  replay: '/replays',
  erasure: '/erasures',
};

export function pageOfId({ id, kind }: PastedId): string | undefined {
  const page = PAGES[kind];
  return page === undefined ? undefined : `${page}/${id}`;
}

/** Keys, tokens, signing secrets: whatever opens something is looked up nowhere. */
export function looksSecret(text: string): boolean {
  return /^["'`\s]*(?:an[a-z]_|whsec_|whsk_|eyJ[\w-]+\.|Bearer\s)/i.test(text);
}
