import { type Said, said } from '@anika/core/field-rules';
import {
  type EgressRule,
  HOSTNAME,
  isBelowNamed,
  isListed,
  isListedInside,
  isNamed,
  parseRule,
  rulesOfPort,
} from './egress-rules.ts';
import { isPublicAddress, parseAddress } from './public-address.ts';

export type CheckedUrl =
  | { readonly ok: true; readonly url: URL }
  | { readonly ok: false; readonly reason: string; readonly said: Said };

/** Keeps requests that partners make us send away from our own networks. */
export type EgressGuard = {
  /** What can be told from the text of a URL, without asking DNS. */
  checkUrl(text: string): CheckedUrl;
  /** Whether a connection for this host name may go to this address; asked for each address DNS gave. */
  allowsAddress(address: string, hostname: string, port: number): boolean;
  /** Whether the allow list lifts the rules for this host: it is the operator's own. */
  isExempt(hostname: string, port: number): boolean;
};

const URL_MAX = 2048;
/** Names of this machine, of a private network or of a cloud's metadata service, whatever DNS says of them. */
const LOCAL_NAMES =
  /(^|\.)(localhost|local|localdomain[46]?|internal|intranet|lan|home|corp|private|svc|arpa|metadata\.goog)$/;
const WEB_PORTS = new Set([80, 443]);
/** Ports above 1023 of other protocols that could misread HTTP: the "bad ports" of WHATWG Fetch, and stores. */
const OTHER_PROTOCOLS = new Set([
  1719, 1720, 1723, 2049, 2375, 2376, 2379, 3306, 3389, 3659, 4045, 4190, 5060, 5061, 5432, 5672, 5900, 6000,
  6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9042, 9092, 10080, 11211, 27017,
]);

type Rules = { readonly allow: readonly EgressRule[]; readonly deny: readonly EgressRule[] };

/**
 * `allow` and `deny`: entries as `parseEgressRules` takes them. In this order: what is denied is refused, what is
 * allowed is exempt from the rules about scheme, port, name and address, and the rest must be public.
 */
export function createEgressGuard(options: {
  allow: readonly string[];
  deny?: readonly string[];
}): EgressGuard {
  const allow = options.allow.map(parseRule);
  const deny = (options.deny ?? []).map(parseRule);
  const rulesFor = (port: number): Rules => ({
    allow: rulesOfPort(allow, port),
    deny: rulesOfPort(deny, port),
  });
  return {
    checkUrl(text) {
      const written = textProblem(text);
      if (written !== undefined) return refused(written);
      const url = new URL(text);
      const problem = urlProblem(url, rulesFor(portOf(url)));
      return problem === undefined ? { ok: true, url } : refused(problem);
    },
    allowsAddress(text, hostname, port) {
      const address = parseAddress(text);
      if (address === undefined) return false;
      const rules = rulesFor(port);
      if (isBelowNamed(rules.deny, hostname) || isListedInside(rules.deny, address)) return false;
      return isNamed(rules.allow, hostname) || isListed(rules.allow, address) || isPublicAddress(address);
    },
    isExempt(hostname, port) {
      const rules = rulesFor(port);
      return !isDenied(rules.deny, hostname) && isExempt(rules.allow, hostname);
    },
  };
}

function refused(said: Said): CheckedUrl {
  return { ok: false, reason: said.message, said };
}

/** The URL parser drops and repairs much in silence: what was checked would not be what was written. */
function textProblem(text: string): Said | undefined {
  if (text.length > URL_MAX) return said('url-long', { count: URL_MAX });
  if (/[\p{Cc}\p{Cf}\p{Z}\\]/u.test(text)) return said('url-characters');
  if (!URL.canParse(text)) return said('url-none');
  if (!/^https?:\/\/[^/]/i.test(text)) return said('url-https');
  return undefined;
}

function urlProblem(url: URL, { allow, deny }: Rules): Said | undefined {
  const hostname = url.hostname.toLowerCase();
  const port = portOf(url);
  if (url.href.length > URL_MAX) return said('url-long-encoded', { count: URL_MAX });
  if (url.username !== '' || url.password !== '') return said('url-credentials');
  if (isDenied(deny, hostname)) return said('url-denied', { host: hostname });
  const exempt = isExempt(allow, hostname);
  if (url.protocol !== 'https:' && !exempt) return said('url-https');
  if (!exempt && !isWebPort(port)) return said('url-port', { port: String(port) });
  return exempt ? undefined : hostProblem(hostname);
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'http:' ? 80 : 443;
}

function isWebPort(port: number): boolean {
  return WEB_PORTS.has(port) || (port >= 1024 && !OTHER_PROTOCOLS.has(port));
}

function hostProblem(hostname: string): Said | undefined {
  const address = parseAddress(hostname);
  if (address !== undefined) {
    return isPublicAddress(address) ? undefined : said('url-address', { host: hostname });
  }
  if (!HOSTNAME.test(hostname)) return said('url-host');
  return isLocalName(hostname) ? said('url-name', { host: hostname }) : undefined;
}

function isLocalName(hostname: string): boolean {
  return HOSTNAME.test(hostname) && (LOCAL_NAMES.test(hostname) || !hostname.includes('.'));
}

/** A name is denied with all that is below it; whether its addresses are is judged when DNS has answered. */
function isDenied(deny: readonly EgressRule[], hostname: string): boolean {
  const address = parseAddress(hostname);
  // A host may be written with a dot at its end.
  return address === undefined
    ? isBelowNamed(deny, hostname.replace(/\.$/, ''))
    : isListedInside(deny, address);
}

/**
 * Whether the allow list lifts the rules about scheme, port and name. With an address on the list any local
 * name may be used too: that it resolves to this very address is checked when DNS has answered.
 */
function isExempt(fitting: readonly EgressRule[], hostname: string): boolean {
  const address = parseAddress(hostname);
  if (address !== undefined) return isListed(fitting, address);
  const someNetwork = fitting.some(({ target }) => target.kind === 'network');
  return isNamed(fitting, hostname) || (someNetwork && isLocalName(hostname));
}
