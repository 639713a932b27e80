import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { readJson, writeJson } from '../home.ts';

const account = z.object({ email: z.string(), password: z.string() });
const keptSchema = z.object({
  dealer: account,
  bank: account,
  /** API keys, by what they are for; each is shown only when it is made. */
  keys: z.record(z.string(), z.string()),
});

/** What the sample needs to find its companies again. */
export type Kept = z.output<typeof keptSchema>;
export type Account = z.output<typeof account>;

const FILE = 'sample.json';

/** Of an earlier run, or new: then it is written down before anything is made with it. */
export async function readKept(home: string): Promise<Kept> {
  const known = keptSchema.safeParse(await readJson(join(home, FILE)));
  if (known.success) return known.data;
  const kept: Kept = {
    dealer: { email: 'admin@autoexpress.example', password: newPassword() },
    bank: { email: 'admin@expobank.example', password: newPassword() },
    keys: {},
  };
  await writeKept(home, kept);
  return kept;
}

export function writeKept(home: string, kept: Kept): Promise<void> {
  return writeJson(join(home, FILE), kept);
}

function newPassword(): string {
  return randomBytes(12).toString('base64url');
}
