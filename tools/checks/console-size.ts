import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { buildConsole } from '../console.ts';
import { REPOSITORY } from '../home.ts';

/** Of the script that a browser loads before it shows the first page, compressed. */
const LIMIT_BYTES = 250_000;

const manifestSchema = z.record(
  z.string(),
  z.object({
    file: z.string(),
    isEntry: z.boolean().optional(),
    imports: z.array(z.string()).optional(),
  }),
);
type Manifest = z.output<typeof manifestSchema>;

/** The files of the entry and of all that it imports at once. */
export function initialFiles(manifest: Manifest): readonly string[] {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const next of manifest[name]?.imports ?? []) visit(next);
  };
  for (const [name, { isEntry }] of Object.entries(manifest)) if (isEntry === true) visit(name);
  return [...seen].flatMap((name) => manifest[name]?.file ?? []).filter((file) => file.endsWith('.js'));
}

if (import.meta.main) {
  await buildConsole(({ en }) => console.log(en));
  const dist = resolve(REPOSITORY, 'apps', 'console', 'dist');
  const manifest = manifestSchema.parse(
    JSON.parse(readFileSync(resolve(dist, '.vite', 'manifest.json'), 'utf8')),
  );
  const sizes = initialFiles(manifest).map((file) => ({
    file,
    bytes: gzipSync(readFileSync(resolve(dist, file))).length,
  }));
  const sum = sizes.reduce((total, { bytes }) => total + bytes, 0);
  for (const { file, bytes } of sizes) console.log(`${String(bytes).padStart(8)} ${file}`);
  console.log(`${String(sum).padStart(8)} bytes of script before the first page, of at most ${LIMIT_BYTES}`);
  if (sum > LIMIT_BYTES) process.exitCode = 1;
}
