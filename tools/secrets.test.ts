import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSecrets } from './secrets.ts';

describe('readSecrets()', () => {
  let home = '';
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'anika-secrets-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  it('makes them once and keeps them for their owner alone', async () => {
    const first = await readSecrets(home, {});
    expect(await readSecrets(home, {})).toEqual(first);
    expect((await stat(join(home, 'secrets.json'))).mode & 0o777).toBe(0o600);
  });

  it('makes a key of 32 bytes with an id', async () => {
    const { secretKeys } = await readSecrets(home, {});
    const [id, key] = secretKeys.split(':');
    expect(id).toBe('k1');
    expect(Buffer.from(key ?? '', 'base64')).toHaveLength(32);
  });

  it('takes what the environment gives and does not keep it', async () => {
    const made = await readSecrets(home, {});
    const given = await readSecrets(home, { ANIKA_OPERATOR_EMAIL: 'me@bank.example' });
    expect(given.operator).toEqual({ email: 'me@bank.example', password: made.operator.password });
    expect(await readSecrets(home, {})).toEqual(made);
  });
});
