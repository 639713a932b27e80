import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure } from '@anika/core/failures';
import express, { type Response, Router } from 'express';

/** Where the build puts the console: seen from the sources, and from the bundle. */
const PLACES = ['../../../console/dist', '../../console/dist'].map((place) =>
  resolve(import.meta.dirname, place),
);
export const CONSOLE_FOLDER: string = PLACES.find((place) => existsSync(place)) ?? PLACES[0] ?? '';

/** What the build writes wherever a nonce belongs; vite.config.ts of the console has the same. */
const NONCE_PLACE = /__ANIKA_NONCE__/g;

/** Nothing but what this installation serves; no script and no style that the page itself did not name. */
function contentPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The console below /console: its files, whose names tell their content, and one page for every other path. */
export function createConsoleRouter(folder: string): Router {
  const router = Router();
  const assets = express.static(resolve(folder, 'assets'), {
    immutable: true,
    maxAge: '1y',
    index: false,
    redirect: false,
  });
  router.use('/assets', assets, () => {
    throw new Failure('not-found', 'There is no such file');
  });
  router.use(async (_req, res) => sendPage(res, await pageIn(folder)));
  return router;
}

async function pageIn(folder: string): Promise<string> {
  try {
    return await readFile(resolve(folder, 'index.html'), 'utf8');
  } catch (cause) {
    const detail = 'The console is not built: run "npm run build --workspace apps/console"';
    throw new Failure('not-found', detail, { cause });
  }
}

function sendPage(res: Response, page: string): void {
  const nonce = randomBytes(18).toString('base64');
  res.setHeader('Content-Security-Policy', contentPolicy(nonce));
  res.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=()');
  res.set('Cache-Control', 'no-store').type('html').send(page.replace(NONCE_PLACE, nonce));
}
