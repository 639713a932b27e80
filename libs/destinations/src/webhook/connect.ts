import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { LRUCache } from 'lru-cache';
import { buildConnector } from 'undici';
import { BlockedAddressError } from './classify-error.ts';
import type { EgressGuard } from './guard-address.ts';
import type { Names } from './names.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** Each remembers TLS sessions, of one company and port; with more than this they are forgotten, which costs handshakes. */
const CONNECTORS_MAX = 1000;

/** Thrown when a name would have to be looked up and its company has too many look-ups under way. */
export class NoLookupPlaceError extends Error {
  override readonly name = 'NoLookupPlaceError';
}

/**
 * For each company a connector that goes to allowed addresses only. A name is resolved once and the connection made to
 * that very answer, so that DNS cannot give one address to the check and another to the socket; one forbidden address
 * among good ones refuses the name.
 */
export function createConnectors({ guard, names }: { guard: EgressGuard; names: Names }) {
  const connectors = new LRUCache<string, buildConnector.connector>({ max: CONNECTORS_MAX });
  const connectorOf = (partnerId: string, port: number) => {
    const key = `${port} ${partnerId}`;
    const known = connectors.get(key);
    if (known !== undefined) return known;
    const lookup = guardedLookup({ guard, names, partnerId, port });
    const made = buildConnector({ lookup, timeout: CONNECT_TIMEOUT_MS });
    connectors.set(key, made);
    return made;
  };
  return (partnerId: string): buildConnector.connector =>
    (options, callback) => {
      const hostname = bareHost(options.hostname);
      const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80));
      // The socket never asks `lookup` about a literal address.
      if (isIP(hostname) !== 0 && !guard.allowsAddress(hostname, hostname, port)) {
        callback(new BlockedAddressError(`${hostname} is not allowed`), null);
        return;
      }
      // What it returns is the socket, though its type does not say so.
      return connectorOf(partnerId, port)(options, callback);
    };
}

/** As the rules and name servers take it: lower case, an IPv6 address without its brackets. */
export function bareHost(hostname: string): string {
  return hostname.toLowerCase().replace(/^\[|\]$/g, '');
}

type LookupContext = {
  readonly guard: EgressGuard;
  readonly names: Names;
  readonly partnerId: string;
  readonly port: number;
};

function guardedLookup({ guard, names, partnerId, port }: LookupContext): LookupFunction {
  async function allowed(hostname: string): Promise<LookupAddress[]> {
    const bare = hostname.toLowerCase();
    const isAllowed = ({ address }: LookupAddress) => guard.allowsAddress(address, bare, port);
    const isExempt = guard.isExempt(bare, port);
    const lookup = await names.begin({ hostname: bare, partnerId, isExempt });
    if (lookup === undefined) throw new NoLookupPlaceError(`no place to look up ${bare}`);
    const all = await lookup.addresses;
    // This machine answers for `localhost`, often with ::1 besides the address that is on the allow list.
    const addresses = bare === 'localhost' ? all.filter(isAllowed) : all;
    if (addresses.length > 0 && addresses.every(isAllowed)) {
      return addresses.map(({ address, family }) => ({ address, family }));
    }
    throw new BlockedAddressError(`${bare} resolves to an address that is not allowed`);
  }

  return (hostname, options, callback) => {
    allowed(hostname).then(
      (addresses) => {
        const [first = { address: '', family: 0 }] = addresses;
        if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}
