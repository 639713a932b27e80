import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openParties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

it('docs/publishing.md: each command is taken as it stands', async () => {
  const parties = await openParties(api);
  const page = await readFile(new URL('../../../../docs/publishing.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);
  expect(blocks.length).toBeGreaterThanOrEqual(5);
  const env = {
    PATH: process.env.PATH,
    API: api.url,
    TOKEN: parties.owner.token,
    TOPIC: await parties.topic(),
    AT: new Date(Date.now() + 3_600_000).toISOString(),
  };
  for (const block of blocks) {
    const { stdout } = await promisify(execFile)('bash', ['-euc', block], { env });
    expect(stdout, block).toMatch(/^\{/);
    expect(stdout, block).not.toContain('urn:anika:error');
    expect(stdout, block).not.toMatch(/"status":4/);
  }
  const { body } = await api.call('GET', `/v1/messages?topicId=${env.TOPIC}`, { token: env.TOKEN });
  expect(body.items.map(({ key }: { key: string | null }) => key)).toContain('C-17');
});
