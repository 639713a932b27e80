import ipaddr from 'ipaddr.js';
import { embeddedIpv4 } from './embedded-address.ts';
import type { Address } from './public-address.ts';

/** One entry of ANIKA_EGRESS_ALLOW or ANIKA_EGRESS_DENY. */
export type EgressRule = {
  readonly target:
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'network'; readonly network: Address; readonly prefixLength: number };
  /** Any port when undefined. */
  readonly port: number | undefined;
};

const PORT_MAX = 65_535;
export const HOSTNAME =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
/**
 * Parses ANIKA_EGRESS_ALLOW and ANIKA_EGRESS_DENY: addresses, CIDR blocks and host names, each with `:port` or without, separated by
 * commas or white space. Throws an Error that names the first entry that is none of these.
 */
export function parseEgressRules(text: string): string[] {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  for (const entry of entries) parseRule(entry);
  return entries;
}

export function parseRule(entry: string): EgressRule {
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

function parseTarget(host: string): EgressRule['target'] | undefined {
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

export function rulesOfPort(rules: readonly EgressRule[], port: number): readonly EgressRule[] {
  return rules.filter((rule) => rule.port === undefined || rule.port === port);
}

export function isNamed(rules: readonly EgressRule[], hostname: string): boolean {
  return rules.some(({ target }) => target.kind === 'name' && target.name === hostname);
}

export function isListed(rules: readonly EgressRule[], address: Address): boolean {
  return rules.some(({ target }) => {
    if (target.kind !== 'network' || target.network.kind() !== address.kind()) return false;
    return address.match(target.network, target.prefixLength);
  });
}

/** Whether a denied name is this one or one that it is below of. */
export function isBelowNamed(rules: readonly EgressRule[], hostname: string): boolean {
  return rules.some(({ target }) => target.kind === 'name' && `.${hostname}`.endsWith(`.${target.name}`));
}

/** As `isListed`, also for the IPv4 addresses that an IPv6 address stands for. */
export function isListedInside(rules: readonly EgressRule[], address: Address): boolean {
  const inside = address instanceof ipaddr.IPv6 ? embeddedIpv4(address) : [];
  return [address, ...inside].some((each) => isListed(rules, each));
}
