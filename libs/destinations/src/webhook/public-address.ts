import ipaddr from 'ipaddr.js';
import { embeddedIpv4 } from './embedded-address.ts';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** An IP address in any spelling that a socket would take, with or without brackets; undefined for a name. */
export function parseAddress(text: string): Address | undefined {
  const bare = text.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(bare) ? ipaddr.parse(bare) : undefined;
}

/**
 * Addresses of the public internet at which clouds answer their own machines, with credentials among the rest. Those of
 * the other clouds are link-local, carrier or private ones: 169.254.0.0/16, 100.100.100.200, 192.0.0.192, fd00::/8.
 */
const CLOUD_SERVICES = new Set(['168.63.129.16']);

/** Whether an address is routable on the public internet and no disguise of one that is not. */
export function isPublicAddress(address: Address): boolean {
  if (address instanceof ipaddr.IPv4) {
    return address.range() === 'unicast' && !CLOUD_SERVICES.has(address.toString());
  }
  if (address.zoneId !== undefined && address.zoneId !== '') return false;
  const embedded = embeddedIpv4(address);
  if (embedded.length > 0) return embedded.every(isPublicAddress) && isTranslated(address);
  // Global unicast is 2000::/3 and nothing else (RFC 4291 §2.4).
  return address.range() === 'unicast' && ((address.parts[0] ?? 0) & 0xe000) === 0x2000;
}

/** NAT64 (64:ff9b::/96) reaches the IPv4 internet on IPv6-only networks; no other disguise has a use here. */
function isTranslated({ parts }: ipaddr.IPv6): boolean {
  return parts[0] === 0x64 && parts[1] === 0xff9b && parts.slice(2, 6).every((part) => part === 0);
}
