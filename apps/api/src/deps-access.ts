import type { ApiConfig } from './config.ts';
import type { Auth } from './deps-auth.ts';
import { createAdmit } from './http/admit.ts';
import { countRefusals } from './http/count-refusals.ts';
import { createIdentify } from './http/identify.ts';
import { memoryQuota, sharedQuota } from './http/memory-quota.ts';
import { createOutgoing } from './http/outgoing.ts';

/** Who is heard, how often and with how much. What is refused counts as a call without a credential, wherever it was shown. */
export function composeAccess(config: ApiConfig, { authenticate, browser }: Auth) {
  const anonymous = memoryQuota('anonymous', config.ANIKA_RATE_ANONYMOUS);
  const byCookie = (sealed = '', remoteAddress?: string) =>
    authenticate.byOpenSession(browser.sessionOf(sealed), remoteAddress);
  const byAuthorization = countRefusals(authenticate, anonymous);
  const admit = createAdmit({
    publish: sharedQuota('publish', config.ANIKA_RATE_PUBLISH),
    read: sharedQuota('read', config.ANIKA_RATE_READ),
    manage: sharedQuota('manage', config.ANIKA_RATE_MANAGE),
    anonymous,
  });
  const served = {
    identify: createIdentify({ byAuthorization, byCookie: countRefusals(byCookie, anonymous), browser }),
    admit,
    outgoing: createOutgoing(config.ANIKA_MAX_UNREAD_BYTES),
    maxMessageBytes: config.ANIKA_MAX_MESSAGE_BYTES,
  };
  return { authenticate: byAuthorization, served };
}
