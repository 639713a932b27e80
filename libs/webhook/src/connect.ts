import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { BlockedAddressError } from './classify-error.ts';
import type { EgressGuard } from './guard-address.ts';

/** All addresses of a name; replaceable, so that a test can play a hostile DNS. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

const CONNECT_TIMEOUT_MS = 10_000;
/** Each remembers TLS sessions, one a port; with more ports than this they are forgotten, which costs handshakes. */
const CONNECTORS_MAX = 64;

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
  const resolveOnce = sharedWhileAsked(resolve);
  const connectors = new Map<number, buildConnector.connector>();
  const connectorOf = (port: number) => {
    const known = connectors.get(port);
    if (known !== undefined) return known;
    const lookup = guardedLookup({ guard, resolve: resolveOnce, port });
    const made = buildConnector({ lookup, timeout: CONNECT_TIMEOUT_MS });
    if (connectors.size >= CONNECTORS_MAX) connectors.clear();
    connectors.set(port, made);
    return made;
  };
  return (options, callback) => {
    const hostname = options.hostname.toLowerCase().replace(/^\[|\]$/g, '');
    const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80));
    // The socket never asks `lookup` about a literal address.
    if (isIP(hostname) !== 0 && !guard.allowsAddress(hostname, hostname, port)) {
      callback(new BlockedAddressError(`${hostname} is not allowed`), null);
      return;
    }
    connectorOf(port)(options, callback);
  };
}

/** Lookups of one name at one time are one: the system has few threads for them, and a slow name holds one. */
function sharedWhileAsked(resolve: Resolve): Resolve {
  const asked = new Map<string, ReturnType<Resolve>>();
  return (hostname) => {
    const underWay = asked.get(hostname);
    if (underWay !== undefined) return underWay;
    const answer = resolve(hostname).finally(() => asked.delete(hostname));
    asked.set(hostname, answer);
    return answer;
  };
}

function guardedLookup(context: { guard: EgressGuard; resolve: Resolve; port: number }): LookupFunction {
  const { guard, resolve, port } = context;
  return (hostname, options, callback) => {
    const bare = hostname.toLowerCase();
    const isAllowed = ({ address }: LookupAddress) => guard.allowsAddress(address, bare, port);
    resolve(hostname).then(
      (all) => {
        // This machine answers for `localhost`, often with ::1 besides the address that is on the allow list.
        const addresses = bare === 'localhost' ? all.filter(isAllowed) : all;
        const [first] = addresses;
        if (first === undefined || !addresses.every(isAllowed)) {
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
