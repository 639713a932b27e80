import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { NameError } from './classify-error.ts';

export type Found = LookupAddress & {
  /** Seconds for which it may be kept. */
  readonly ttl?: number;
};

/**
 * All addresses of a name; replaceable, so that a test can play a hostile DNS. `isExempt`: the name is on the allow
 * list, and this machine's own table may know it.
 */
export type Resolve = (hostname: string, isExempt: boolean) => Promise<readonly Found[]>;

const TRY_MS = 1000;
const TRIES = 2;
/** Whatever the number of name servers, and of their tries. */
const LOOKUP_MAX_MS = 3000;
/** Some name servers are silent about IPv6: with one family there, the other is waited for so much longer. */
const OTHER_FAMILY_MS = 200;
const HOSTS_FILE = '/etc/hosts';
const HOSTS_TTL_SECONDS = 5;
const LOOPBACK: readonly Found[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** Asks the name servers of this machine, on sockets of the event loop: never the few threads behind `dns.lookup`. */
export const resolveByDns: Resolve = async (hostname, isExempt) => {
  const own = isExempt ? await inHostsFile(hostname) : [];
  if (own.length > 0) return own;
  if (isExempt && hostname === 'localhost') return LOOPBACK;
  return askNameServers(hostname);
};

/** Rejects with a NameError, within `LOOKUP_MAX_MS`. `servers` is for tests. */
export async function askNameServers(
  hostname: string,
  servers?: readonly string[],
): Promise<readonly Found[]> {
  // One for each name: so a look-up that takes too long can be ended, and no other with it.
  const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES });
  if (servers !== undefined) resolver.setServers(servers);
  const timer = setTimeout(() => resolver.cancel(), LOOKUP_MAX_MS);
  const found: Found[] = [];
  const families = [
    resolver
      .resolve4(hostname, { ttl: true })
      .then((all) => found.push(...all.map((one) => ({ ...one, family: 4 })))),
    resolver
      .resolve6(hostname, { ttl: true })
      .then((all) => found.push(...all.map((one) => ({ ...one, family: 6 })))),
  ];
  try {
    await Promise.any(families);
    await allWithin(families, OTHER_FAMILY_MS);
    return [...found];
  } catch (error) {
    throw nameErrorOf(error);
  } finally {
    clearTimeout(timer);
    resolver.cancel();
  }
}

async function allWithin(work: readonly Promise<unknown>[], ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([Promise.allSettled(work), late]);
  clearTimeout(timer);
}

/** One family may have said that the name does not exist while the other was only silent: that is an answer. */
function nameErrorOf(error: unknown): NameError {
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
  const codes = errors.map((each) => (each instanceof Error && 'code' in each ? String(each.code) : ''));
  const isAnswer = codes.some((code) => code === 'ENOTFOUND' || code === 'ENODATA');
  return new NameError(`look-up failed: ${codes.join(', ')}`, { isAnswer, cause: error });
}

async function inHostsFile(hostname: string): Promise<readonly Found[]> {
  const text = await readFile(HOSTS_FILE, 'utf8').catch(() => '');
  return hostsOf(text, hostname);
}

/** The addresses that a table in the form of hosts(5) gives a name. */
export function hostsOf(text: string, hostname: string): Found[] {
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = isIP(address);
    const isNamed = names.some((name) => name.toLowerCase() === hostname);
    return family !== 0 && isNamed ? [{ address, family, ttl: HOSTS_TTL_SECONDS }] : [];
  });
}
