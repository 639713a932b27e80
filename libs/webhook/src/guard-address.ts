import ipaddr from 'ipaddr.js';
import { type Address, isPublicAddress, parseAddress } from './public-address.ts';

export type CheckedUrl =
  | { readonly ok: true; readonly url: URL }
  | { readonly ok: false; readonly reason: string };

/** Keeps requests that partners make us send away from our own networks. */
export type EgressGuard = {
  /** What can be told from the text of a URL, without asking DNS. */
  checkUrl(text: string): CheckedUrl;
  /** Whether a connection for this host name may go to this address; asked for each address DNS gave. */
  allowsAddress(address: string, hostname: string, port: number): boolean;
  /** Whether the allow list lifts the rules for this host: it is the operator's own. */
  isExempt(hostname: string, port: number): boolean;
};

type AllowRule = {
  readonly target:
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'network'; readonly network: Address; readonly prefixLength: number };
  /** Any port when undefined. */
  readonly port: number | undefined;
};

const URL_MAX = 2048;
const PORT_MAX = 65_535;
const HOSTNAME =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
/** Names of this machine, of a private network or of a cloud's metadata service, whatever DNS says of them. */
const LOCAL_NAMES =
  /(^|\.)(localhost|local|localdomain[46]?|internal|intranet|lan|home|corp|private|svc|arpa|metadata\.goog)$/;
const WEB_PORTS = new Set([80, 443]);
/** Ports above 1023 of other protocols that could misread HTTP: the "bad ports" of WHATWG Fetch, and stores. */
const OTHER_PROTOCOLS = new Set([
  1719, 1720, 1723, 2049, 2375, 2376, 2379, 3306, 3389, 3659, 4045, 4190, 5060, 5061, 5432, 5672, 5900, 6000,
  6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9042, 9092, 10080, 11211, 27017,
]);

/**
 * Parses ANIKA_EGRESS_ALLOW: addresses, CIDR blocks and host names, each with `:port` or without, separated by
 * commas or white space. Throws an Error that names the first entry that is none of these.
 */
export function parseEgressAllow(text: string): string[] {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  for (const entry of entries) parseRule(entry);
  return entries;
}

function parseRule(entry: string): AllowRule {
  // [host]:port, host:port, or an IPv6 address or block without brackets, which has two colons or more.
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+|[^[\]]*:[^[\]]*:[^[\]]*))(?::(\d{1,5}))?$/.exec(entry);
  const target = parseTarget((match?.[1] ?? match?.[2] ?? '').toLowerCase());
  const port = match?.[3] === undefined ? undefined : Number(match[3]);
  if (target === undefined) throw new Error(`"${entry}" is not an address, a CIDR block or a host name`);
  if (port === 0 || (port !== undefined && port > PORT_MAX)) {
    throw new Error(`"${entry}" has a port that is not between 1 and ${PORT_MAX}`);
  }
  return { target, port };
}

function parseTarget(host: string): AllowRule['target'] | undefined {
  if (ipaddr.isValidCIDR(host)) {
    const [network, prefixLength] = ipaddr.parseCIDR(host);
    return { kind: 'network', network, prefixLength };
  }
  if (ipaddr.IPv4.isValidFourPartDecimal(host) || ipaddr.IPv6.isValid(host)) {
    const network = ipaddr.parse(host);
    return { kind: 'network', network, prefixLength: network.toByteArray().length * 8 };
  }
  // A name whose last label is a number is a mistyped address; no URL has such a host.
  if (HOSTNAME.test(host) && !/(^|\.)\d+$/.test(host)) return { kind: 'name', name: host };
  return undefined;
}

/** `allow`: entries as `parseEgressAllow` takes them; empty in production. */
export function createEgressGuard(options: { allow: readonly string[] }): EgressGuard {
  const rules = options.allow.map(parseRule);
  return {
    checkUrl(text) {
      const written = textProblem(text);
      if (written !== undefined) return { ok: false, reason: written };
      const url = new URL(text);
      const reason = urlProblem(url, rules);
      return reason === undefined ? { ok: true, url } : { ok: false, reason };
    },
    allowsAddress(text, hostname, port) {
      const address = parseAddress(text);
      if (address === undefined) return false;
      const fitting = rulesOfPort(rules, port);
      return isNamed(fitting, hostname) || isListed(fitting, address) || isPublicAddress(address);
    },
    isExempt: (hostname, port) => isExempt(rulesOfPort(rules, port), hostname),
  };
}

/** The URL parser drops and repairs much in silence: what was checked would not be what was written. */
function textProblem(text: string): string | undefined {
  if (text.length > URL_MAX) return `it is longer than ${URL_MAX} characters`;
  if (/[\p{Cc}\p{Cf}\p{Z}\\]/u.test(text)) return 'it holds white space, control characters or a backslash';
  if (!URL.canParse(text)) return 'it is not a URL';
  if (!/^https?:\/\/[^/]/i.test(text)) return 'it must begin with https://';
  return undefined;
}

function urlProblem(url: URL, rules: readonly AllowRule[]): string | undefined {
  const hostname = url.hostname.toLowerCase();
  const port = portOf(url);
  const fitting = rulesOfPort(rules, port);
  if (url.href.length > URL_MAX) return `it is longer than ${URL_MAX} characters once it is encoded`;
  if (url.username !== '' || url.password !== '') return 'it holds credentials; use a header instead';
  const exempt = isExempt(fitting, hostname);
  if (url.protocol !== 'https:' && !exempt) return 'it must begin with https://';
  if (!exempt && !isWebPort(port)) return `port ${port} is not one for web servers`;
  return exempt ? undefined : hostProblem(hostname);
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'http:' ? 80 : 443;
}

function isWebPort(port: number): boolean {
  return WEB_PORTS.has(port) || (port >= 1024 && !OTHER_PROTOCOLS.has(port));
}

function hostProblem(hostname: string): string | undefined {
  const address = parseAddress(hostname);
  if (address !== undefined) {
    return isPublicAddress(address) ? undefined : `the address ${hostname} is not on the public internet`;
  }
  if (!HOSTNAME.test(hostname)) return 'its host is not a valid name';
  return isLocalName(hostname) ? `the name ${hostname} is not on the public internet` : undefined;
}

function isLocalName(hostname: string): boolean {
  return HOSTNAME.test(hostname) && (LOCAL_NAMES.test(hostname) || !hostname.includes('.'));
}

/**
 * Whether the allow list lifts the rules about scheme, port and name. With an address on the list any local
 * name may be used too: that it resolves to this very address is checked when DNS has answered.
 */
function isExempt(fitting: readonly AllowRule[], hostname: string): boolean {
  const address = parseAddress(hostname);
  if (address !== undefined) return isListed(fitting, address);
  const someNetwork = fitting.some(({ target }) => target.kind === 'network');
  return isNamed(fitting, hostname) || (someNetwork && isLocalName(hostname));
}

function rulesOfPort(rules: readonly AllowRule[], port: number): readonly AllowRule[] {
  return rules.filter((rule) => rule.port === undefined || rule.port === port);
}

function isNamed(rules: readonly AllowRule[], hostname: string): boolean {
  return rules.some(({ target }) => target.kind === 'name' && target.name === hostname);
}

function isListed(rules: readonly AllowRule[], address: Address): boolean {
  return rules.some(({ target }) => {
    if (target.kind !== 'network' || target.network.kind() !== address.kind()) return false;
    return address.match(target.network, target.prefixLength);
  });
}
