import * as contract from '@anika/contracts/totp';
import type { BrowserSessions } from '../http/browser-session.ts';
import { signedIn } from '../http/check-access.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { isoOrNull } from '../http/times.ts';
import type { FactorProof } from './check-factor.ts';
import type { SecondFactors } from './second-factor.ts';
import { browserReply, NO_STORE } from './session-view.ts';
import type { Sessions } from './sessions.ts';

type Needs = {
  readonly factors: SecondFactors;
  readonly sessions: Pick<Sessions, 'login' | 'openForBrowser'>;
  readonly browser: Pick<BrowserSessions, 'start' | 'csrfToken'>;
};

export function totpRoutes({ factors, sessions, browser }: Needs): BoundRoute[] {
  return [
    bindRoute(contract.readTotp, async ({ caller }) => {
      const { state, sinceMs, recoveryCodesLeft, required } = await factors.read(signedIn(caller));
      return { body: { state, since: isoOrNull(sinceMs), recoveryCodesLeft, required } };
    }),
    bindRoute(contract.beginTotp, async ({ body, caller }) => ({
      body: await factors.begin(body.password, signedIn(caller)),
      headers: NO_STORE,
    })),
    bindRoute(contract.confirmTotp, async ({ body, caller }) => ({
      body: await factors.confirm(body.code, signedIn(caller)),
      headers: NO_STORE,
    })),
    bindRoute(contract.renewRecoveryCodes, async ({ body, caller }) => ({
      body: await factors.renewRecoveryCodes(proofIn(body), signedIn(caller)),
      headers: NO_STORE,
    })),
    bindRoute(contract.endTotp, async ({ body, caller }) => {
      const { password } = body;
      await factors.end(password === undefined ? proofIn(body) : { password }, signedIn(caller));
      return {};
    }),
    bindRoute(contract.loginWithTotp, async ({ body, remoteAddress = 'unknown' }) => ({
      body: await sessions.login({ challenge: body.challenge, proof: proofIn(body), remoteAddress }),
      headers: NO_STORE,
    })),
    bindRoute(contract.openBrowserSessionWithTotp, async ({ body, remoteAddress = 'unknown' }) => {
      const step = { challenge: body.challenge, proof: proofIn(body), remoteAddress };
      return browserReply(await sessions.openForBrowser(step), browser);
    }),
    bindRoute(contract.takeOffTotp, async ({ params, caller }) => {
      await factors.takeOff(pathId('usr', params.id), signedIn(caller));
      return {};
    }),
  ];
}

type Given = { readonly code?: string | undefined; readonly recoveryCode?: string | undefined };

/** The contract lets through exactly one. */
function proofIn({ code, recoveryCode }: Given): FactorProof {
  if (code !== undefined) return { code };
  if (recoveryCode !== undefined) return { recoveryCode };
  throw new Error('neither a code nor a recovery code');
}
