/** Where the pages of things are, by the prefix of their ids. */
const PAGES: Readonly<Record<string, string>> = {
  top: '/topics',
  sub: '/subscriptions',
  msg: '/messages',
  dlv: '/deliveries',
  rpl: '/replays',
  era: '/erasures',
};

/** The page of an id that was pasted; undefined for what has none. */
export function pageOfId(text: string): string | undefined {
  const [, id, prefix] = /^\s*"?((top|sub|msg|dlv|rpl|era)_[0-9a-z]{16,64})"?,?\s*$/.exec(text) ?? [];
  const page = prefix === undefined ? undefined : PAGES[prefix];
  return page === undefined ? undefined : `${page}/${id}`;
}
