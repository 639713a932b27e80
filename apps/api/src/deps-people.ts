import { createAcceptInvitation } from '@anika/stores/postgres/accept-invitation';
import { createApiKeyStore } from '@anika/stores/postgres/api-keys';
import { createInvitationStore } from '@anika/stores/postgres/invitations';
import { createPartnerStore } from '@anika/stores/postgres/partners';
import { createUserStore } from '@anika/stores/postgres/users';
import { apiKeyRoutes } from './api-keys/api-keys.routes.ts';
import { createApiKeys } from './api-keys/api-keys.ts';
import type { Passwords } from './auth/passwords.ts';
import type { ApiConfig } from './config.ts';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { invitationRoutes } from './invitations/invitations.routes.ts';
import { createInvitations } from './invitations/invitations.ts';
import { createMailInvitation } from './invitations/mail-invitation.ts';
import { partnerRoutes } from './partners/partners.routes.ts';
import { createPartners, type PartnerNeeds } from './partners/partners.ts';
import { userRoutes } from './users/users.routes.ts';
import { createUsers } from './users/users.ts';

type Needs = Pick<PartnerNeeds, 'hasSecondFactor'> & { readonly passwords: Passwords };

/** Companies, their users, invitations and API keys. */
export function composePeople(
  config: ApiConfig,
  infrastructure: Infrastructure,
  { passwords, hasSecondFactor }: Needs,
): BoundRoute[] {
  const { postgres, clock, newId, changes, postbox, rateLimit, logger } = infrastructure;
  const shared = { passwords, announce: changes.announce, newId, clock };
  const mailInvitation = createMailInvitation({
    post: postbox.post,
    publicUrl: config.ANIKA_PUBLIC_URL,
    rateLimit,
    failed: (error) => logger.warn({ err: error }, 'invitation not mailed'),
  });
  const invitations = createInvitations({
    ...shared,
    store: createInvitationStore(postgres),
    accept: createAcceptInvitation(postgres),
    mailInvitation,
  });
  return [
    ...partnerRoutes(createPartners({ ...shared, store: createPartnerStore(postgres), hasSecondFactor })),
    ...invitationRoutes({ invitations, clock }),
    ...userRoutes(createUsers({ ...shared, store: createUserStore(postgres) })),
    ...apiKeyRoutes(createApiKeys({ ...shared, store: createApiKeyStore(postgres) })),
  ];
}
