import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What V8 writes with `--cpu-prof`, as far as it is read. Times are in microseconds. */
const cpuProfile = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string() }),
      children: z.array(z.number()).default([]),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

/** Processor time of one stage, in milliseconds. */
export type Stage = { readonly name: string; readonly ms: number };

const IDLE = '(idle)';
const BY_ITSELF: Readonly<Record<string, string>> = {
  '(garbage collector)': 'garbage collection',
  '(program)': 'outside JavaScript',
};

/**
 * Where a program's time went, most first. What Node and V8 do counts for the package or the folder of ours that asked
 * for it: writing to a socket is Redis' client's where that writes.
 */
export function stagesOf(profile: unknown): Stage[] {
  const { nodes, samples, timeDeltas } = cpuProfile.parse(profile);
  const parents = new Map(nodes.flatMap(({ id, children }) => children.map((child) => [child, id] as const)));
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const names = new Map<number, string>();

  function nameOf(id: number): string {
    const known = names.get(id);
    if (known !== undefined) return known;
    const frame = byId.get(id);
    const parent = parents.get(id);
    const own = frame && ownName(frame);
    const name = own ?? (parent === undefined ? 'Node itself' : nameOf(parent));
    names.set(id, name);
    return name;
  }

  const total = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = nameOf(id);
    total.set(name, (total.get(name) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
  }
  total.delete(IDLE);
  return [...total].map(([name, ms]) => ({ name, ms })).sort((a, b) => b.ms - a.ms);
}

function ownName({ functionName, url }: { functionName: string; url: string }): string | undefined {
  if (functionName === IDLE) return IDLE;
  const byItself = BY_ITSELF[functionName];
  if (byItself !== undefined) return byItself;
  const packageName = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (packageName !== undefined && !packageName.startsWith('node-')) return packageName;
  return /\/((?:apps|libs)\/[^/]+(?:\/src\/[^/]+)?)/.exec(url)?.[1]?.replace('/src', '').replace(/\.ts$/, '');
}

const SHOWN = 25;

/** The profiles in a folder, each as a table: a program's stages, in milliseconds for each 1,000 deliveries. */
export async function profileTables(folder: string, deliveries: number): Promise<string> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile')).sort();
  const tables = await Promise.all(
    files.map(async (file) => {
      const stages = stagesOf(JSON.parse(await readFile(join(folder, file), 'utf8')));
      const all = stages.reduce((sum, { ms }) => sum + ms, 0);
      const lines = stages.slice(0, SHOWN).map(({ name, ms }) => line(name, ms, deliveries));
      const rest = stages.slice(SHOWN).reduce((sum, { ms }) => sum + ms, 0);
      return [
        line(file.replace(/-.*/, ''), all, deliveries),
        ...lines,
        line('all else', rest, deliveries),
      ].join('\n');
    }),
  );
  return tables.join('\n\n');
}

function line(name: string, ms: number, deliveries: number): string {
  return `${name.padEnd(44)} ${((ms * 1000) / deliveries).toFixed(0).padStart(6)}`;
}
