import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { extname } from 'node:path';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocsRouter } from './docs-page.ts';

const TYPES: Readonly<Record<string, RegExp>> = {
  '.css': /^text\/css/,
  '.js': /javascript/,
  '.svg': /^image\/svg\+xml/,
};

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer(express().use('/docs', createDocsRouter())).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  url = `http://127.0.0.1:${address.port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

async function get(path: string, init: RequestInit = {}) {
  const response = await fetch(url + path, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** What the page makes the browser load. */
function assetsOf(html: string): string[] {
  return [...html.matchAll(/<(?:link|script)[^>]+(?:href|src)="([^"]+)"/g)].map(([, path = '']) => path);
}

describe('the page at /docs', () => {
  it.each(['/docs', '/docs/'])('is served at %s, titled and in English', async (path) => {
    const { status, headers, text } = await get(path);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    expect(text).toContain('<html lang="en">');
    expect(text).toContain('<title>ANIKA API</title>');
  });

  it('holds no script or style of its own, so that a strict content policy lets it work', async () => {
    const { text } = await get('/docs');
    expect([...text.matchAll(/<script(?![^>]*src=)/g)]).toEqual([]);
    expect(text).not.toMatch(/<style|\sstyle=|\son\w+=/);
  });

  it('asks nobody but this server, and finds everything it asks for', async () => {
    const assets = assetsOf((await get('/docs')).text);
    expect(assets.length).toBeGreaterThanOrEqual(3);
    for (const path of assets) {
      expect(path).toMatch(/^\/docs\//);
      const { status, headers } = await get(path);
      expect(status, path).toBe(200);
      expect(headers.get('content-type'), path).toMatch(TYPES[extname(path)] ?? 'no such file');
      expect(headers.get('cache-control'), path).toMatch(/max-age=\d+/);
    }
  });

  it('answers HEAD without a body and a known version with 304', async () => {
    const head = await get('/docs/swagger-ui.css', { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.text).toBe('');
    const etag = head.headers.get('etag') ?? '';
    const again = await get('/docs/swagger-ui.css', {
      headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' },
    });
    expect(again.status).toBe(304);
  });

  it('hands out none of the other files of the package', async () => {
    for (const path of [
      'package.json',
      'README.md',
      'index.js',
      'swagger-initializer.js',
      '../package.json',
    ]) {
      expect((await get(`/docs/${path}`)).status, path).toBe(404);
    }
  });
});
