import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from '../fault.ts';
import type { Field } from '../field.ts';

const LOAD_PER_SECOND = 40;
const CHUNK = Buffer.alloc(64 * 1024);

/** Writes until there is no room left; returns what gives the room back. */
function fill(folder: string): () => void {
  const ballast = join(folder, 'ballast');
  const file = openSync(ballast, 'w');
  try {
    for (;;) writeSync(file, CHUNK);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    closeSync(file);
  }
  return () => rmSync(ballast);
}

async function fullFor(field: Field, store: 'redis' | 'mongodb', seconds: number): Promise<void> {
  await field.subscribe();
  const load = field.publisher.start(LOAD_PER_SECOND);
  await field.wait(1500);
  const free = fill(join(field.ground.home, store));
  await field.wait(seconds * 1000);
  free();
  await field.wait(2000);
  await load.stop();
}

export const DISK_FAULTS: readonly Fault[] = [
  {
    name: 'redis-disk-full',
    area: 'stores',
    about: 'the disk of Redis (a small tmpfs) is full for 10 s',
    onSmallDisk: true,
    repeats: 'allowed',
    run: (field) => fullFor(field, 'redis', 10),
  },
  {
    name: 'mongodb-disk-full',
    area: 'stores',
    about: 'the disk of MongoDB (a small tmpfs) is full for 10 s',
    onSmallDisk: true,
    repeats: 'allowed',
    run: (field) => fullFor(field, 'mongodb', 10),
  },
];
