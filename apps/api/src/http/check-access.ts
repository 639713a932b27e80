import type { Access, RouteContract } from '@anika/contracts/route';
import type { Caller, PartnerCaller } from '@anika/core/access';
import { Failure } from '@anika/core/failures';

const SETUP_FIRST =
  'Your company demands a second factor of all its users: set yours up with POST /v1/auth/totp, nothing else works before';

/** Refuses a caller whose role, or whose key's scopes, the route does not name, and whoever lacks a demanded factor. */
export function checkAccess(
  { access, openWithoutFactor }: Pick<RouteContract, 'access' | 'openWithoutFactor'>,
  caller: Caller,
): void {
  const refusal = refusalOf(access, caller);
  if (refusal !== undefined) throw new Failure('forbidden', refusal);
  if (caller.mustSetUpFactor && !openWithoutFactor) throw new Failure('totp-setup-required', SETUP_FIRST);
}

/** Whether a route of this access is open to the caller. */
export function mayCall(access: Access, caller: Caller | undefined): boolean {
  return caller !== undefined && refusalOf(access, caller) === undefined;
}

function refusalOf(access: Access, caller: Caller): string | undefined {
  if (access === 'public') return undefined;
  if (caller.kind === 'key') {
    if (access.scope === 'none') return 'An API key cannot do this; sign in as a user';
    if (access.scope === 'any') return undefined;
    return caller.scopes?.includes(access.scope)
      ? undefined
      : `This API key lacks the scope "${access.scope}"`;
  }
  if (access.roles.includes(caller.role)) return undefined;
  return `The role "${caller.role}" may not do this; it takes ${access.roles.join(' or ')}`;
}

/** The caller of a route that only partners use. */
export function partnerCaller(caller: Caller | undefined): PartnerCaller {
  if (caller?.partnerId === undefined) throw new Failure('forbidden', 'Only a user of a partner may do this');
  return { ...caller, partnerId: caller.partnerId };
}

/** The caller of a route that is not public. */
export function signedIn(caller: Caller | undefined): Caller {
  if (caller === undefined) throw new Error('a signed-in route was called without a caller');
  return caller;
}
