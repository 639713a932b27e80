import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openParties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';

const ROOT = join(import.meta.dirname, '../../../..');

let api: TestApi;
let folder: string;

beforeAll(async () => {
  api = await startTestApi();
  // Below the root, where the packages that the page imports are found.
  await mkdir(join(ROOT, '.anika'), { recursive: true });
  folder = await mkdtemp(join(ROOT, '.anika', 'page-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await api.close();
});

it('docs/client.md: the program does what the page says', async () => {
  const { owner, topic } = await openParties(api);
  const { body } = await api.call('POST', '/v1/api-keys', {
    token: owner.token,
    body: { name: 'page', scopes: ['publish', 'read'] },
  });
  const page = await readFile(join(ROOT, 'docs/client.md'), 'utf8');
  const [, program = ''] = /```ts\n(.*?)```/s.exec(page) ?? [];
  const file = join(folder, 'program.ts');
  await writeFile(file, program);
  const env = { PATH: process.env.PATH, API: api.url, KEY: body.key, TOPIC: await topic() };
  const { stdout } = await promisify(execFile)(process.execPath, [file], { env });
  const [, id] = /^accepted (msg_\w+)$/m.exec(stdout) ?? [];
  expect(stdout.trim().split('\n')).toEqual([
    `accepted ${id}`,
    `heard message ${id}`,
    'found 1',
    'refused 404 not-found',
  ]);
});
