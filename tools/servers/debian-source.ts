import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const OFFICIAL = 'http://deb.debian.org/debian';

/** A line for apt that names the machine's own Debian mirror with another suite. */
export async function debianSource(suite: string): Promise<string> {
  if (!existsSync(KEYRING)) throw new Error('the package debian-archive-keyring');
  return `deb [signed-by=${KEYRING}] ${(await machineMirror()) ?? OFFICIAL} ${suite} main\n`;
}

async function machineMirror(): Promise<string | undefined> {
  const parts = await readdir('/etc/apt/sources.list.d').catch(() => []);
  const files = ['/etc/apt/sources.list', ...parts.map((name) => join('/etc/apt/sources.list.d', name))];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return mirrorIn(texts.join('\n'));
}

/** The first address of a Debian archive in apt's sources, one-line or deb822, that is not the security archive. */
export function mirrorIn(sources: string): string | undefined {
  return sources
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('deb ') || line.startsWith('URIs:'))
    .flatMap((line) => line.split(/\s+/))
    .find((word) => /^https?:\/\//.test(word) && /\/debian\/?$/.test(new URL(word).pathname));
}
