import type { IdMaker } from '@anika/core/ids';
import { expect, it } from 'vitest';
import { createEnsureOperator, type EnsureOperatorNeeds } from './ensure-operator.ts';

type Outcome = Awaited<ReturnType<EnsureOperatorNeeds['store']['ensure']>>;

function ensuring(outcome: Outcome) {
  const asked: unknown[] = [];
  const said: string[] = [];
  const note = (level: string) => () => void said.push(level);
  const ensure = createEnsureOperator({
    store: {
      async ensure(operator, atMs) {
        asked.push({ ...operator, atMs });
        return outcome;
      },
    },
    passwords: { hash: async (password) => `hash of ${password}` },
    newId: ((kind: string) => `${kind}_1`) as IdMaker,
    logger: { info: note('info'), error: note('error') },
    clock: { now: () => 5 },
  });
  return { ensure, asked, said };
}

const email = 'operator@broker.example';

it('the operator of the settings is made, with the hash of its password', async () => {
  const { ensure, asked, said } = ensuring('created');
  await ensure({ ANIKA_OPERATOR_EMAIL: email, ANIKA_OPERATOR_PASSWORD: 'secret' });
  expect(asked).toEqual([{ id: 'usr_1', email, passwordHash: 'hash of secret', atMs: 5 }]);
  expect(said).toEqual(['info']);
});

it('without an email or a password nothing is asked for', async () => {
  const { ensure, asked } = ensuring('created');
  await ensure({ ANIKA_OPERATOR_EMAIL: email });
  await ensure({ ANIKA_OPERATOR_PASSWORD: 'secret' });
  expect(asked).toEqual([]);
});

it('one that exists is no news; an email that is a partner’s is an error', async () => {
  const exists = ensuring('exists');
  await exists.ensure({ ANIKA_OPERATOR_EMAIL: email, ANIKA_OPERATOR_PASSWORD: 'secret' });
  expect(exists.said).toEqual([]);
  const taken = ensuring('taken');
  await taken.ensure({ ANIKA_OPERATOR_EMAIL: email, ANIKA_OPERATOR_PASSWORD: 'secret' });
  expect(taken.said).toEqual(['error']);
});
