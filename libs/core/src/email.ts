/** Signs that RFC 5321 §4.1.2 allows in the part before the @, without quotes. */
const ATOM = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";
/** A label of a host name (RFC 1123 §2.1). */
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
/** The last label: a country's may be an `xn--` one, none is a number. */
const TOP = '(?![0-9]+$)[a-z0-9][a-z0-9-]{0,61}[a-z0-9]';

/** Letters, digits, dots and hyphens, not all of them ASCII. */
const OTHER_SCRIPT = /^(?=.*[^\p{ASCII}])[\p{L}\p{M}\p{N}.-]+$/u;
const DOMAIN_MAX = 253;

/** Of an address as `normalEmail` writes it. */
export const EMAIL_PATTERN = new RegExp(`^(?=[^@]{1,64}@)${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+${TOP}$`);

/**
 * The one spelling of an address: trimmed, lower case, a domain in another script as `xn--` labels (RFC 5890). Of what
 * is no address: some text that is none either.
 */
export function normalEmail(text: string): string {
  const address = text.trim().toLowerCase();
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  if (at === -1 || domain.length > DOMAIN_MAX || !OTHER_SCRIPT.test(domain)) return address;
  const url = `http://${domain}`;
  return URL.canParse(url) ? address.slice(0, at + 1) + new URL(url).hostname : address;
}
