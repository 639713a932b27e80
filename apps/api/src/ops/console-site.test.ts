import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@anika/runtime/logger';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createConsoleRouter } from './console-site.ts';
import { createSite } from './sites.ts';

const PAGE = '<link nonce="__ANIKA_NONCE__"><script nonce="__ANIKA_NONCE__" src="/console/assets/a-1.js">';

let folder: string;
let server: Server;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'console-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), PAGE);
  writeFileSync(join(folder, 'assets', 'a-1.js'), 'export {}');
  const logger = createLogger({ name: 'api', level: 'silent' });
  const site = { trustProxy: 0, logger };
  const built = createSite({ ...site, at: '/console', router: createConsoleRouter(folder) });
  const none = createSite({ ...site, at: '/none', router: createConsoleRouter(join(folder, 'nothing')) });
  server = createServer((req, res) => (req.url?.startsWith('/none') ? none : built)(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  url = `http://127.0.0.1:${address.port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const nonceOf = (policy: string | null) => /'nonce-([^']+)'/.exec(policy ?? '')?.[1] ?? 'none';

it('every path is the page, with a nonce of its own and a policy that allows no other origin and nothing inline', async () => {
  const [first, second] = [await fetch(`${url}/console`), await fetch(`${url}/console/topics/top_1?tab=x`)];
  const policy = first.headers.get('content-security-policy');
  const nonce = nonceOf(policy);
  expect(await first.text()).toBe(PAGE.replaceAll('__ANIKA_NONCE__', nonce));
  expect(nonceOf(second.headers.get('content-security-policy'))).not.toBe(nonce);
  expect(first.headers.get('cache-control')).toBe('no-store');
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; /);
  expect(policy).not.toContain('unsafe');
  expect(policy).not.toContain('http');
});

it('a file is kept for ever by whoever has it, and one that is not there is not the page', async () => {
  const file = await fetch(`${url}/console/assets/a-1.js`);
  expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(file.headers.get('content-type')).toContain('text/javascript');
  for (const path of ['a-2.js', '..%2findex.html', '']) {
    const { status, headers } = await fetch(`${url}/console/assets/${path}`);
    expect([path, status]).toEqual([path, 404]);
    expect(headers.get('content-type')).toContain('application/problem+json');
  }
});

it('says so where the console is not built', async () => {
  const answer = await fetch(`${url}/none`);
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('not built') });
});
