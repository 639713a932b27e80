import type { EarlierSecret, SigningSecrets } from '@anika/core/subscription/signing-secrets';
import type { StoredHeaders, StoredValue } from '@anika/core/subscription/stored-headers';
import type { Subscription as SubscriptionRow } from './generated/client.ts';

/** As in the column: a text is a value from before values were sealed. */
export function headersColumn(headers: StoredHeaders): Record<string, string | { sealed: string }> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      'sealed' in value ? { sealed: value.sealed } : value.plain,
    ]),
  );
}

export function readHeadersColumn(column: unknown): StoredHeaders | undefined {
  if (column === null || column === undefined) return undefined;
  if (!isRecord(column)) throw new Error('stored headers are not an object');
  return Object.fromEntries(Object.entries(column).map(([name, value]) => [name, readValue(value)]));
}

function readValue(value: unknown): StoredValue {
  if (typeof value === 'string') return { plain: value };
  if (isRecord(value) && typeof value.sealed === 'string') return { sealed: value.sealed };
  throw new Error('a stored header is neither sealed nor a text');
}

type SecretColumns = Pick<
  SubscriptionRow,
  'secret' | 'previousSecrets' | 'previousSecret' | 'previousSecretUntil'
>;

/** The present secret and all earlier ones, also where their time is over. */
export function readSecretColumns(row: SecretColumns): SigningSecrets {
  if (!Array.isArray(row.previousSecrets)) throw new Error('stored earlier secrets are no list');
  const { previousSecret, previousSecretUntil } = row;
  const former =
    previousSecret === null || previousSecretUntil === null
      ? []
      : [{ sealed: previousSecret, untilMs: previousSecretUntil.getTime() }];
  return { present: row.secret, earlier: [...former, ...row.previousSecrets.map(readEarlier)] };
}

function readEarlier(value: unknown): EarlierSecret {
  if (!isRecord(value) || typeof value.sealed !== 'string' || typeof value.until !== 'string') {
    throw new Error('a stored earlier secret cannot be read');
  }
  return { sealed: value.sealed, untilMs: Date.parse(value.until) };
}

/** What `readSecretColumns` reads, without the columns of a former version. */
export function secretColumns({ present, earlier }: SigningSecrets) {
  return {
    secret: present,
    previousSecrets: earlier.map(({ sealed, untilMs }) => ({
      sealed,
      until: new Date(untilMs).toISOString(),
    })),
    previousSecret: null,
    previousSecretUntil: null,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
