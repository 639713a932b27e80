import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let folder: string;

beforeAll(async () => {
  api = await startTestApi();
  folder = await mkdtemp(join(tmpdir(), 'anika-page-'));
  await mkdir(join(folder, '.anika'));
  const operator = { email: 'operator@anika.test', password: 'operator-password-1' };
  await writeFile(join(folder, '.anika/stack.json'), JSON.stringify({ api: api.url, operator }));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await api.close();
});

it('docs/accounts.md: its commands do one after the other what it says', async () => {
  const page = await readFile(new URL('../../../../docs/accounts.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);
  const script = blocks.map((block, n) => `echo "<block ${n}>"\n${block}`).join('\n');
  const options = { cwd: folder, env: { PATH: process.env.PATH } };
  const { stdout, stderr } = await promisify(execFile)(
    'bash',
    ['--norc', '-eu', '-o', 'pipefail', '-c', script],
    options,
  );
  expect(stderr).toBe('');
  // One of them is refused, as the page says: who demands a second factor has one.
  const refusals = [...stdout.matchAll(/"code":"([a-z-]+)"/g)].map(([, code]) => code);
  expect(refusals).toEqual(['conflict']);
  expect(stdout).toContain('"state":"on"');
  expect(stdout).not.toContain('undefined');
});
