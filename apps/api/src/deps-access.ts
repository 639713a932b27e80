import type { ApiConfig } from './config.ts';
import type { Auth } from './deps-auth.ts';
import { createAdmit } from './http/admit.ts';
import { countRefusals } from './http/count-refusals.ts';
import { createIdentify } from './http/identify.ts';
import { memoryQuota, sharedQuota } from './http/memory-quota.ts';

/** Who is heard, and how often. What is refused counts as a call without a credential, wherever it was shown. */
export function composeAccess(config: ApiConfig, { authenticate, byCookie, browser }: Auth) {
  const anonymous = memoryQuota('anonymous', config.ANIKA_RATE_ANONYMOUS);
  const byAuthorization = countRefusals(authenticate, anonymous);
  return {
    authenticate: byAuthorization,
    identify: createIdentify({ byAuthorization, byCookie: countRefusals(byCookie, anonymous), browser }),
    admit: createAdmit({
      publish: sharedQuota('publish', config.ANIKA_RATE_PUBLISH),
      read: sharedQuota('read', config.ANIKA_RATE_READ),
      manage: sharedQuota('manage', config.ANIKA_RATE_MANAGE),
      anonymous,
    }),
  };
}
