import ipaddr from 'ipaddr.js';

/**
 * The IPv4 addresses that an IPv6 address stands for on some network: mapped and compatible (RFC 4291), NAT64
 * (RFC 6052, RFC 8215), 6to4 (RFC 3056), Teredo (RFC 4380), ISATAP (RFC 5214). Whoever checks an address has
 * to check these too.
 */
export function embeddedIpv4(address: ipaddr.IPv6): ipaddr.IPv4[] {
  const parts = address.parts;
  const last = () => ipv4(parts[6] ?? 0, parts[7] ?? 0);
  const found: ipaddr.IPv4[] = [];
  if (parts.slice(0, 5).every((part) => part === 0) && (parts[5] === 0xffff || parts[5] === 0))
    found.push(last());
  if (parts.slice(0, 4).every((part) => part === 0) && parts[4] === 0xffff) found.push(last());
  if (parts[0] === 0x64 && parts[1] === 0xff9b) found.push(last());
  if (parts[0] === 0x2002) found.push(ipv4(parts[1] ?? 0, parts[2] ?? 0));
  if (parts[0] === 0x2001 && parts[1] === 0) {
    found.push(
      ipv4(parts[2] ?? 0, parts[3] ?? 0),
      ipv4(~(parts[6] ?? 0) & 0xffff, ~(parts[7] ?? 0) & 0xffff),
    );
  }
  if ((parts[4] === 0 || parts[4] === 0x200) && parts[5] === 0x5efe) found.push(last());
  return found;
}

function ipv4(high: number, low: number): ipaddr.IPv4 {
  return new ipaddr.IPv4([high >> 8, high & 0xff, low >> 8, low & 0xff]);
}
