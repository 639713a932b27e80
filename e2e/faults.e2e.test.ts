import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS } from '../faults/faults.ts';
import { type Ground, openGround } from '../faults/ground.ts';
import { runFault } from '../faults/run-fault.ts';
import { homeFolder } from '../tools/home.ts';

const SEED = 1;
let ground: Ground;

beforeAll(async () => {
  ground = await openGround(homeFolder(), () => undefined);
}, 300_000);

afterAll(async () => {
  await ground?.stop();
});

describe('nothing acknowledged is lost: ./anika faults, its short form', () => {
  it.each(FAULTS.filter((fault) => fault.isShort).map((fault) => [fault.about, fault] as const))(
    '%s',
    async (_about, fault) => {
      const row = await runFault(fault, ground, { seed: SEED, isShort: true });
      expect(row.findings).toEqual([]);
      expect(row.figures.accepted).toBeGreaterThan(0);
    },
  );
});
