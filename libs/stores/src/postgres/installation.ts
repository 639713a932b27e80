import { randomBytes } from 'node:crypto';
import { secretContext } from '@anika/core/secret-context';
import type { SecretBox } from '@anika/runtime/secret-box';
import type { Postgres } from './client.ts';

/** What was drawn once for this installation. */
export type Installation = {
  /** Sealed for `secretContext.installation`. */
  readonly sealedSecret: string;
  /** Until then a repeated idempotency key may be one of a message with an id of former versions. */
  readonly formerMessageIdsUntilMs: number | undefined;
};

const ONLY = { id: 1 };

/** A new secret, for an installation that has none. */
export function sealInstallationSecret({ seal }: Pick<SecretBox, 'seal'>): string {
  return seal(randomBytes(32).toString('base64url'), secretContext.installation());
}

export type InstallationStore = ReturnType<typeof createInstallationStore>;

export function createInstallationStore({ db }: Postgres) {
  return {
    /** `makeSealed` is asked once in the life of an installation; of processes that start together, one is heard. */
    async load(makeSealed: () => string): Promise<Installation> {
      const present = await db.installation.findUniqueOrThrow({ where: ONLY });
      if (present.secret === null) {
        await db.installation.updateMany({
          where: { ...ONLY, secret: null },
          data: { secret: makeSealed() },
        });
        return this.load(makeSealed);
      }
      return {
        sealedSecret: present.secret,
        formerMessageIdsUntilMs: present.formerMessageIdsUntil?.getTime(),
      };
    },
  };
}
