/**
 * An endpoint's address for those who may not manage it: the values of its query are often credentials. `hidden` takes
 * the place of each; user information is left out.
 */
export function withoutCredentials(text: string, hidden: string): string {
  const at = text.indexOf('?');
  const hash = text.indexOf('#');
  const end = Math.min(...[at, hash, text.length].filter((place) => place >= 0));
  const address = text.slice(0, end).replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1');
  if (at < 0 || (hash >= 0 && hash < at)) return address;
  const query = text.slice(at + 1, hash < 0 ? undefined : hash);
  return `${address}?${query
    .split('&')
    .map((part) => hideValue(part, hidden))
    .join('&')}`;
}

/** A part without `=` may be a credential as a whole. */
function hideValue(part: string, hidden: string): string {
  if (part === '') return '';
  const at = part.indexOf('=');
  return at < 0 ? hidden : `${part.slice(0, at)}=${hidden}`;
}
