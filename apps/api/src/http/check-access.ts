import type { Access } from '@anika/contracts/route';
import type { Caller, PartnerCaller } from '@anika/core/access';
import { Failure } from '@anika/core/failures';

/** Refuses a caller whose role, or whose key's scopes, the route does not name. */
export function checkAccess(access: Access, caller: Caller): void {
  if (access === 'public') return;
  if (caller.kind === 'key') {
    if (access.scope === 'none')
      throw new Failure('forbidden', 'An API key cannot do this; sign in as a user');
    if (access.scope === 'any') return;
    if (!access.roles.includes('developer') || !caller.scopes?.includes(access.scope)) {
      throw new Failure('forbidden', `This API key lacks the scope "${access.scope}"`);
    }
    return;
  }
  if (!access.roles.includes(caller.role)) {
    throw new Failure(
      'forbidden',
      `The role "${caller.role}" may not do this; it takes ${access.roles.join(' or ')}`,
    );
  }
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
