import type { browserSession } from '@anika/contracts/auth';
import { createContext, useContext } from 'react';
import type { z } from 'zod';

export type SignedIn = z.output<typeof browserSession>;
export type Session = SignedIn & { readonly signOut: () => Promise<void> };

const SessionContext = createContext<Session | undefined>(undefined);
export const SessionProvider = SessionContext.Provider;

/** Who has signed in. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('nobody has signed in');
  return session;
}

/** What the role of whoever has signed in may do; the API judges each call by itself. */
export function useMay(): {
  readonly manage: boolean;
  readonly administer: boolean;
  readonly operate: boolean;
} {
  const { role } = useSession();
  return {
    manage: role === 'admin' || role === 'developer',
    administer: role === 'admin',
    operate: role === 'operator',
  };
}
