import { randomBytes } from 'node:crypto';
import { USER_AGENT } from '@anika/core/version';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { headersProblem } from '@anika/webhook/check-headers';
import { createEgressGuard } from '@anika/webhook/guard-address';
import { composeBody, signRequest } from '@anika/webhook/request';
import { createSender } from '@anika/webhook/send';
import type { ApiConfig } from './config.ts';
import { createEndpointProbe } from './subscriptions/endpoint-probe.ts';
import type { EndpointRules } from './subscriptions/subscription-input.ts';

/** The one way out of this process: to endpoints, past the address guard. */
export function openOutbound(config: ApiConfig, context: { lifecycle: Lifecycle; clock: { now(): number } }) {
  const guard = createEgressGuard({ allow: config.ANIKA_EGRESS_ALLOW });
  const sender = createSender({ guard });
  context.lifecycle.onClose('sender', sender.close);
  const { clock } = context;
  const rules: EndpointRules = {
    urlProblem(url) {
      const checked = guard.checkUrl(url);
      return checked.ok ? undefined : checked.reason;
    },
    headersProblem,
  };
  const probe = createEndpointProbe({
    send: sender.send,
    sign: (event, { secrets, subscription }) =>
      signRequest({
        id: `msg_${randomBytes(16).toString('hex')}`,
        body: composeBody(event),
        secrets,
        nowMs: clock.now(),
        userAgent: USER_AGENT,
        customHeaders: subscription.headers,
      }),
    newChallenge: () => randomBytes(24).toString('base64url'),
    clock,
  });
  return { rules, probe };
}
