import { closeBrowserSession, readBrowserSession } from '@anika/contracts/auth';
import { useQueryClient } from '@tanstack/react-query';
import { Fragment, type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { ApiProblem } from '../api/api.ts';
import { useApi } from '../api/api-context.ts';
import { useText } from '../i18n/use-text.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Problem } from '../ui/problem.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { DemandedFactor } from './demanded-factor.tsx';
import { SessionProvider, type SignedIn } from './session-context.ts';
import { SignInForm } from './sign-in.tsx';
import { SignInPage } from './sign-in-page.tsx';
import { dropDrafts } from './use-draft.ts';

type State =
  | { readonly kind: 'asking' }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'failed'; readonly problem: ApiProblem }
  | { readonly kind: 'open' | 'ended'; readonly session: SignedIn };

/**
 * Shows what is below to whoever has signed in. A session that ends leaves the page as it is, with what was being
 * written, and asks for the password over it.
 */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const api = useApi();
  const cache = useQueryClient();
  const [state, setState] = useState<State>({ kind: 'asking' });

  const ask = useCallback(async () => {
    setState({ kind: 'asking' });
    setState(await currentState(() => api.ask(readBrowserSession)));
  }, [api]);
  useEffect(() => void ask(), [ask]);

  const session = 'session' in state ? state.session : undefined;
  useEffect(() => {
    api.setCsrfToken(session?.csrfToken);
    api.onFactorDemanded(() =>
      setState((now) =>
        'session' in now ? { ...now, session: { ...now.session, mustSetUpFactor: true } } : now,
      ),
    );
    api.onSessionEnd(() => setState((now) => (now.kind === 'open' ? { ...now, kind: 'ended' } : now)));
  }, [api, session]);

  const signedIn = useCallback(
    (next: SignedIn) => {
      // Somebody else sees nothing of what was there before.
      if (session !== undefined && session.userId !== next.userId) cache.clear();
      dropDrafts(next.userId);
      api.setCsrfToken(next.csrfToken);
      setState({ kind: 'open', session: next });
      void cache.invalidateQueries();
    },
    [api, cache, session],
  );
  const signOut = useCallback(async () => {
    await api.ask(closeBrowserSession).catch(() => undefined);
    api.setCsrfToken(undefined);
    cache.clear();
    dropDrafts();
    setState({ kind: 'nobody' });
  }, [api, cache]);
  const value = useMemo(
    () => (session === undefined ? undefined : { ...session, signOut }),
    [session, signOut],
  );

  if (state.kind === 'asking') return <Waiting />;
  if (state.kind === 'failed') return <Problem problem={state.problem} onRetry={() => void ask()} />;
  if (value === undefined) return <SignInPage onSignedIn={signedIn} />;
  return (
    <SessionProvider value={value}>
      {value.mustSetUpFactor ? (
        <DemandedFactor onDone={() => signedIn({ ...value, mustSetUpFactor: false })} />
      ) : (
        <Fragment key={value.userId}>{children}</Fragment>
      )}
      {state.kind === 'ended' && <Ended email={value.email ?? ''} onSignedIn={signedIn} />}
    </SessionProvider>
  );
}

async function currentState(ask: () => Promise<{ data: SignedIn }>): Promise<State> {
  try {
    return { kind: 'open', session: (await ask()).data };
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    return error.status === 401 ? { kind: 'nobody' } : { kind: 'failed', problem: error };
  }
}

type EndedProps = { readonly email: string; readonly onSignedIn: (session: SignedIn) => void };

function Ended({ email, onSignedIn }: EndedProps) {
  const text = useText();
  return (
    <Dialog title={text('session.ended')} isOpen isNeeded onClose={() => undefined}>
      <p>{text('session.endedHint')}</p>
      <SignInForm email={email} onSignedIn={onSignedIn} />
    </Dialog>
  );
}
