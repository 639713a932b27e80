import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readJson, writeJson } from './home.ts';

export interface Operator {
  readonly email: string;
  readonly password: string;
}

export interface Secrets {
  readonly operator: Operator;
  /** What the stored secrets of subscriptions are encrypted with, as `ANIKA_SECRET_KEYS` takes it. */
  readonly secretKeys: string;
}

/** The secrets of a home, made when it is first started; what the environment gives comes first. */
export async function readSecrets(home: string, env: NodeJS.ProcessEnv): Promise<Secrets> {
  const kept = await keepSecrets(join(home, 'secrets.json'));
  return {
    operator: {
      email: env.ANIKA_OPERATOR_EMAIL ?? kept.operator.email,
      password: env.ANIKA_OPERATOR_PASSWORD ?? kept.operator.password,
    },
    secretKeys: env.ANIKA_SECRET_KEYS ?? kept.secretKeys,
  };
}

async function keepSecrets(path: string): Promise<Secrets> {
  const kept = await readJson(path);
  if (isSecrets(kept)) return kept;
  const made: Secrets = {
    operator: { email: 'operator@anika.example', password: randomBytes(18).toString('base64url') },
    secretKeys: `k1:${randomBytes(32).toString('base64')}`,
  };
  await writeJson(path, made);
  return made;
}

function isSecrets(value: unknown): value is Secrets {
  return typeof value === 'object' && value !== null && 'operator' in value && 'secretKeys' in value;
}
