import { secretContext } from '@anika/core/secret-context';
import { createInstallationStore, sealInstallationSecret } from '@anika/stores/postgres/installation';
import type { Infrastructure } from './infrastructure.ts';
import type { InstallationSecret } from './messages/message-ids.ts';

/** What is drawn once, and survives the keys that seal it: whatever is derived from it stays the same. */
export async function loadInstallationSecret({
  postgres,
  secretBox,
}: Pick<Infrastructure, 'postgres' | 'secretBox'>): Promise<InstallationSecret> {
  const { sealedSecret, formerMessageIdsUntilMs } = await createInstallationStore(postgres).load(() =>
    sealInstallationSecret(secretBox),
  );
  const opened = secretBox.open(sealedSecret, secretContext.installation());
  return { secret: Buffer.from(opened, 'base64url'), formerMessageIdsUntilMs };
}
