import { secretContext } from '@anika/core/secret-context';
import { ConfigError } from '@anika/runtime/config';
import type { SecretBox } from '@anika/runtime/secret-box';
import type { Postgres } from './client.ts';
import { createInstallationStore, sealInstallationSecret } from './installation.ts';

/**
 * Makes sure that the configured keys are those of this installation: they must open its secret, which the first
 * process to come leaves for the others. Where there is none yet the newest signing key stands for it.
 * @throws ConfigError when what is sealed does not open
 */
export async function requireSecretKeys(
  postgres: Postgres,
  box: Pick<SecretBox, 'seal' | 'open'>,
): Promise<void> {
  const { db } = postgres;
  if ((await db.installation.count({ where: { secret: { not: null } } })) === 0) {
    const witness = await db.signingKey.findFirst({ orderBy: { createdAt: 'desc' } });
    if (witness !== null) open(box, witness.privateKey, secretContext.signingKey(witness.kid));
  }
  // Also what was sealed just now: another process, with other keys, may have been first.
  const { sealedSecret } = await createInstallationStore(postgres).load(() => sealInstallationSecret(box));
  open(box, sealedSecret, secretContext.installation());
}

function open(box: Pick<SecretBox, 'open'>, sealed: string, context: string): void {
  try {
    box.open(sealed, context);
  } catch (error) {
    throw new ConfigError(
      `ANIKA_SECRET_KEYS does not open what this database has sealed with the key "${sealed.split('.')[0]}": ` +
        'set the keys of this installation; docs/operations.md says under "Keys" how to change them.',
      { cause: error },
    );
  }
}
