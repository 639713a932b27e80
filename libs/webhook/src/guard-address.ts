import ipaddr from 'ipaddr.js';
import { embeddedIpv4 } from './embedded-address.ts';

export type CheckedUrl =
  | { readonly ok: true; readonly url: URL }
  | { readonly ok: false; readonly reason: string };

/** Keeps requests that partners make us send away from our own networks. */
export type EgressGuard = {
  /** What can be told from the text of a URL, without asking DNS. */
  checkUrl(text: string): CheckedUrl;
  /** Whether a connection for this host name may go to this address; asked for each address DNS gave. */
  allowsAddress(address: string, hostname: string, port: number): boolean;
};

type AllowRule = {
  readonly name: string | undefined;
  readonly range: [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined;
  readonly port: number | undefined;
};

const URL_MAX = 2048;
const HOSTNAME =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
/** Names of this machine or of a private network, whatever DNS says of them. */
const LOCAL_NAMES = /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|private|arpa)$/;
const WEB_PORTS = new Set([80, 443]);
/** Ports above 1023 of other protocols that could be made to misread HTTP (after WHATWG Fetch "bad port", and stores). */
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
  const match = /^(?:\[([^\]]+)\]|([^:]+|[^[\]]*:[^[\]]*:[^[\]]*))(?::(\d{1,5}))?$/.exec(entry);
  const host = (match?.[1] ?? match?.[2] ?? '').toLowerCase();
  const port = match?.[3] === undefined ? undefined : Number(match[3]);
  if (host.includes('/') && ipaddr.isValidCIDR(host))
    return { name: undefined, range: ipaddr.parseCIDR(host), port };
  if (ipaddr.IPv4.isValidFourPartDecimal(host) || ipaddr.IPv6.isValid(host)) {
    const address = ipaddr.parse(host);
    return { name: undefined, range: [address, address.kind() === 'ipv4' ? 32 : 128], port };
  }
  if (HOSTNAME.test(host)) return { name: host, range: undefined, port };
  throw new Error(`"${entry}" is not an address, a CIDR block or a host name`);
}

function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const bare = text.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(bare) ? ipaddr.parse(bare) : undefined;
}

/** Routable on the public internet, and not a disguise of an address that is not. */
function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.kind() === 'ipv4') return address.range() === 'unicast';
  const v6 = address as ipaddr.IPv6;
  if (v6.zoneId !== undefined && v6.zoneId !== '') return false;
  const embedded = embeddedIpv4(v6);
  if (embedded.length > 0) return embedded.every(isPublic) && isTranslated(v6);
  // Global unicast is 2000::/3 and nothing else (RFC 4291 §2.4).
  return v6.range() === 'unicast' && ((v6.parts[0] ?? 0) & 0xe000) === 0x2000;
}

/** NAT64 reaches the IPv4 internet on IPv6-only networks; the other disguises have no use for a webhook. */
function isTranslated(address: ipaddr.IPv6): boolean {
  return address.parts[0] === 0x64 && address.parts[1] === 0xff9b && address.parts[2] === 0;
}

/** `allow`: entries as `parseEgressAllow` takes them; empty in production. */
export function createEgressGuard(options: { allow: readonly string[] }): EgressGuard {
  const rules = options.allow.map(parseRule);
  const fits = (rule: AllowRule, port: number) => rule.port === undefined || rule.port === port;

  function isAllowedName(hostname: string, port: number): boolean {
    return rules.some((rule) => rule.name === hostname && fits(rule, port));
  }

  function isAllowedAddress(address: ipaddr.IPv4 | ipaddr.IPv6, port: number): boolean {
    return rules.some(
      ({ range, ...rule }) =>
        range !== undefined &&
        fits(rule as AllowRule, port) &&
        range[0].kind() === address.kind() &&
        address.match(range as never),
    );
  }

  /** With an address on the allow list, a local name may be used too: it must then resolve to that address. */
  const allowsSomeAddress = (port: number) =>
    rules.some((rule) => rule.range !== undefined && fits(rule, port));

  function hostProblem(hostname: string, port: number): string | undefined {
    const address = parseAddress(hostname);
    if (address !== undefined) {
      if (isAllowedAddress(address, port) || isPublic(address)) return undefined;
      return `the address ${hostname} is not on the public internet`;
    }
    if (isAllowedName(hostname, port)) return undefined;
    if (!HOSTNAME.test(hostname)) return 'its host is not a valid name';
    const isLocal = LOCAL_NAMES.test(hostname) || !hostname.includes('.');
    if (isLocal && !allowsSomeAddress(port)) return `the name ${hostname} is not on the public internet`;
    return undefined;
  }

  function isExempt(hostname: string, port: number): boolean {
    const address = parseAddress(hostname);
    if (address !== undefined) return isAllowedAddress(address, port);
    const isLocal = LOCAL_NAMES.test(hostname) || !hostname.includes('.');
    return isAllowedName(hostname, port) || (isLocal && allowsSomeAddress(port));
  }

  function problemOf(url: URL, hostname: string, port: number): string | undefined {
    if (url.username !== '' || url.password !== '') return 'it holds credentials; use a header instead';
    const exempt = isExempt(hostname, port);
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && exempt))
      return 'it must begin with https://';
    if (!exempt && ((port < 1024 && !WEB_PORTS.has(port)) || OTHER_PROTOCOLS.has(port) || port === 0)) {
      return `port ${port} is not one for web servers`;
    }
    return hostProblem(hostname, port);
  }

  return {
    checkUrl(text) {
      if (text.length > URL_MAX) return { ok: false, reason: `it is longer than ${URL_MAX} characters` };
      // The URL parser would drop or repair these silently: what was checked would not be what was written.
      if (/[\p{Cc}\p{Zs}\p{Cf}\\]/u.test(text))
        return { ok: false, reason: 'it holds white space, control characters or a backslash' };
      if (!URL.canParse(text)) return { ok: false, reason: 'it is not a URL' };
      const url = new URL(text);
      const port = url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
      const reason = problemOf(url, hostnameOf(url), port);
      return reason === undefined ? { ok: true, url } : { ok: false, reason };
    },
    allowsAddress(text, hostname, port) {
      const address = parseAddress(text);
      if (address === undefined) return false;
      return isAllowedName(hostname, port) || isAllowedAddress(address, port) || isPublic(address);
    },
  };
}

/** The host as the URL parser reads it (any spelling of an IPv4 address becomes dotted), without a final dot. */
export function hostnameOf(url: URL): string {
  return url.hostname.toLowerCase().replace(/\.$/, '');
}
