import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { BlockedAddressError } from './classify-error.ts';
import type { EgressGuard } from './guard-address.ts';

/** All addresses of a name; replaceable, so that a test can play a hostile DNS. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

const resolveBySystem: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    dnsLookup(hostname, { all: true, verbatim: true }, (error, addresses) => {
      if (error) reject(error);
      else resolve(addresses);
    });
  });

/**
 * Connects only to allowed addresses. A name is resolved once and the connection made to that very answer, so
 * that DNS cannot give one address to the check and another to the socket; one forbidden address among good
 * ones refuses the name.
 */
export function createConnector(
  guard: EgressGuard,
  resolve: Resolve = resolveBySystem,
): buildConnector.connector {
  return (options, callback) => {
    const hostname = options.hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '');
    const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80));
    // The socket never asks `lookup` about a literal address.
    if (isIP(hostname) !== 0 && !guard.allowsAddress(hostname, hostname, port)) {
      callback(new BlockedAddressError(`${hostname} is not allowed`), null);
      return;
    }
    const connector = buildConnector({ lookup: guardedLookup({ guard, resolve, port }), timeout: 10_000 });
    connector(options, callback);
  };
}

function guardedLookup(context: { guard: EgressGuard; resolve: Resolve; port: number }): LookupFunction {
  const { guard, resolve, port } = context;
  return (hostname, options, callback) => {
    const bare = hostname.toLowerCase().replace(/\.$/, '');
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (
          first === undefined ||
          !addresses.every(({ address }) => guard.allowsAddress(address, bare, port))
        ) {
          callback(new BlockedAddressError(`${bare} resolves to an address that is not allowed`), '', 0);
          return;
        }
        if (options.all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}
