import type { PartnerCaller } from '@anika/core/access';
import type { Change } from '@anika/core/change';
import type { SubscriptionId } from '@anika/core/ids';
import { secretContext } from '@anika/core/secret-context';
import { inGrace, rotate, type SigningSecrets } from '@anika/core/subscription/signing-secrets';
import type { SecretReadStore } from '@anika/stores/postgres/secret-reads';
import type { SubscriptionStore } from '@anika/stores/postgres/subscriptions';
import { existing } from '../http/path-id.ts';

type Needs = {
  readonly store: Pick<SubscriptionStore, 'find' | 'secrets' | 'changeSecrets'>;
  readonly noteSecretRead: SecretReadStore['note'];
  readonly newSecret: () => string;
  readonly secretBox: {
    seal(plain: string, context: string): string;
    open(sealed: string, context: string): string;
  };
  readonly announce: (change: Change) => void;
  readonly clock: { now(): number };
};

export type SecretView = {
  readonly secret: string;
  /** The newest first, each until its own end. */
  readonly earlier: readonly { readonly secret: string; readonly untilMs: number }[];
};
export type SigningSecretsOf = ReturnType<typeof createSigningSecrets>;

/** What a subscription's requests are signed with, for those who verify them. */
export function createSigningSecrets(needs: Needs) {
  const { store, secretBox, clock } = needs;
  const changeBy = (by: PartnerCaller) => ({ by, atMs: clock.now(), partnerId: by.partnerId });

  function opened(id: SubscriptionId, secrets: SigningSecrets): SecretView {
    const open = (sealed: string) => secretBox.open(sealed, secretContext.subscription(id));
    const { present, earlier } = inGrace(secrets, clock.now());
    return {
      secret: open(present),
      earlier: earlier.map(({ sealed, untilMs }) => ({ secret: open(sealed), untilMs })),
    };
  }

  return {
    /** It is noted before it is shown. */
    async read(id: SubscriptionId, by: PartnerCaller): Promise<SecretView> {
      await needs.noteSecretRead(existing(await store.find(id, by.partnerId), 'sub'), changeBy(by));
      return opened(id, existing(await store.secrets(id, by.partnerId), 'sub'));
    },

    async rotate(id: SubscriptionId, graceSeconds: number, by: PartnerCaller): Promise<SecretView> {
      const sealed = secretBox.seal(needs.newSecret(), secretContext.subscription(id));
      const next = { sealed, graceMs: graceSeconds * 1000, nowMs: clock.now() };
      const secrets = await store.changeSecrets(id, (present) => rotate(present, next), changeBy(by));
      needs.announce({ kind: 'subscription', id });
      return opened(id, existing(secrets, 'sub'));
    },
  };
}
