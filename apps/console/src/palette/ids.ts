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
} as const;

export type IdKind = (typeof ID_KINDS)[keyof typeof ID_KINDS];
export type PastedId = { readonly id: string; readonly kind: IdKind };

const PREFIXES: Readonly<Record<string, IdKind>> = ID_KINDS;
/** With what may stand around it where it was copied: quotes, commas; and the generation of a job. */
const PASTED = /^["'`\s]*(([a-z]{3})_[0-9a-z]{16,64})(?:_g\d{1,9})?["'`,;.\s]*$/;

/** The id that was pasted; undefined for anything else. */
export function pastedId(text: string): PastedId | undefined {
  const [, id, prefix = ''] = PASTED.exec(text) ?? [];
  const kind = PREFIXES[prefix];
  return id === undefined || kind === undefined ? undefined : { id, kind };
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
