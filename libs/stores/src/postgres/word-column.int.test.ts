import { ROLES, SCOPES } from '@anika/core/access';
import { ACCESS_REQUEST_STATES } from '@anika/core/access-request';
import { ERASURE_KINDS, ERASURE_STATES } from '@anika/core/erasure';
import { MEMBER_ROLES } from '@anika/core/invitation';
import { PARTNER_STATUSES } from '@anika/core/partner';
import { REPLAY_KINDS } from '@anika/core/replay/replay';
import { DELIVERY_TYPES, FORMATS, SIGNATURES, SUBSCRIPTION_STATES } from '@anika/core/subscription';
import { TOPIC_VISIBILITIES } from '@anika/core/topic';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { withClient } from '@anika/testkit/template';
import { afterAll, beforeAll, expect, it } from 'vitest';

let databases: TestDatabases;
beforeAll(async () => {
  databases = await createTestDatabases();
});
afterAll(() => databases.drop());

/** What the CHECK of a column lets in. */
async function wordsOf(table: string, column: string): Promise<string[]> {
  const { rows } = await withClient(databases.databaseUrl, (client) =>
    client.query<{ text: string }>(
      'SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conname = $1',
      [`${table}_${column}_check`],
    ),
  );
  return [...(rows[0]?.text ?? '').matchAll(/'([^']*)'/g)].map(([, word]) => String(word));
}

it.each([
  ['partners', 'status', PARTNER_STATUSES],
  ['users', 'role', ROLES],
  ['invitations', 'role', MEMBER_ROLES],
  ['api_keys', 'scopes', SCOPES],
  ['topics', 'visibility', TOPIC_VISIBILITIES],
  ['access_requests', 'state', ACCESS_REQUEST_STATES],
  ['subscriptions', 'state', SUBSCRIPTION_STATES],
  ['subscriptions', 'delivery', DELIVERY_TYPES],
  ['subscriptions', 'signature', SIGNATURES],
  ['subscriptions', 'format', FORMATS],
  ['replays', 'only', REPLAY_KINDS],
  ['erasures', 'kind', ERASURE_KINDS],
  ['erasures', 'state', ERASURE_STATES],
])('the table %s lets in as its %s what core knows, and nothing else', async (table, column, words) => {
  expect(await wordsOf(table, column)).toEqual([...words]);
});

it('a text that is none of them is refused', async () => {
  const partner = (status: string) =>
    withClient(databases.databaseUrl, (client) =>
      client.query("INSERT INTO partners (id, name, status) VALUES ('prt_x', 'X', $1)", [status]),
    );
  await expect(partner('gone')).rejects.toThrow('partners_status_check');
});
