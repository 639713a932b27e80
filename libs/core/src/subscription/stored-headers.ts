import { Failure, invalid } from '../failures.ts';

/** A header's value as it is stored; one from before values were sealed is there as it is until `reseal`. */
export type StoredValue = { readonly sealed: string } | { readonly plain: string };

/** Custom headers of a subscription: their names, and values that nobody gets back. */
export type StoredHeaders = Readonly<Record<string, StoredValue>>;

/** Stands for a value wherever headers are shown; sent back, it leaves the value as it is. */
export const HIDDEN_VALUE = '***';

/** Names with their values hidden. */
export function shownHeaders(headers: StoredHeaders): Record<string, string> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, HIDDEN_VALUE]));
}

export function openHeaders(
  headers: StoredHeaders,
  open: (sealed: string, name: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      'sealed' in value ? open(value.sealed, name) : value.plain,
    ]),
  );
}

/**
 * The headers as they are to be from now on: `wanted` replaces all of them, but a hidden value keeps what is stored
 * under its name, however that is spelt.
 * @throws Failure `validation-failed` for a hidden value under a name that has none
 */
export function replaceHeaders(
  present: StoredHeaders,
  wanted: Readonly<Record<string, string>>,
  seal: (value: string, name: string) => string,
): StoredHeaders {
  const byName = new Map(Object.entries(present).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.fromEntries(
    Object.entries(wanted).map(([name, value]): [string, StoredValue] => {
      if (value !== HIDDEN_VALUE) return [name, { sealed: seal(value, name) }];
      const kept = byName.get(name.toLowerCase());
      if (kept === undefined) throw nothingToKeep(name);
      return [name, kept];
    }),
  );
}

function nothingToKeep(name: string): Failure {
  const message = `"${HIDDEN_VALUE}" keeps the value that is stored, and none is stored under this name`;
  return new Failure('validation-failed', `headers.${name}: ${message}`, {
    errors: [{ path: `headers.${name}`, message }],
  });
}

type Addressed = { readonly url: string; readonly headers: StoredHeaders | undefined };
type Patch = {
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
};

/**
 * The headers after a change of a subscription. To another server no stored value goes along: nobody is shown these
 * values, so nobody may have them sent to a server of his own either.
 * @throws Failure `validation-failed` where the address moves to another origin and values are not given anew
 */
export function headersAfter(
  { url, headers: stored }: Addressed,
  patch: Patch,
  seal: (value: string, name: string) => string,
): StoredHeaders | undefined {
  const moves = patch.url !== undefined && originOf(patch.url) !== originOf(url);
  if (!('headers' in patch)) {
    if (moves && Object.keys(stored ?? {}).length > 0) throw giveAnew('headers');
    return stored;
  }
  const { headers: wanted } = patch;
  if (wanted === undefined) return undefined;
  const hidden = moves ? Object.keys(wanted).find((name) => wanted[name] === HIDDEN_VALUE) : undefined;
  if (hidden !== undefined) throw giveAnew(`headers.${hidden}`);
  return replaceHeaders(stored ?? {}, wanted, seal);
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

function giveAnew(path: string): Failure {
  return invalid(
    path,
    'the url moves to another server, and stored values do not go along: give all headers anew, or null',
  );
}
