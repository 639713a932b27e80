import '@fontsource-variable/golos-text/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '../src/ui/styles/index.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { createContext, type ReactNode, useContext, useState } from 'react';
import { createApi } from '../src/api/api.ts';
import { ApiProvider } from '../src/api/api-context.ts';
import { LanguageProvider } from '../src/i18n/language-provider.tsx';
import { PreferencesProvider } from '../src/i18n/preferences.tsx';
import { type Session, SessionProvider } from '../src/session/session-context.ts';
import { answerInPlaceOfApi } from './answers.ts';
import { OWN } from './facts.ts';

const SESSION: Session = {
  userId: 'usr_01kb3v6m0eqx4tq2h7s9d5c8fz',
  email: 'olga@bank.example',
  role: 'admin',
  partnerId: OWN.id,
  mustSetUpFactor: false,
  csrfToken: 'token',
  signOut: async () => undefined,
};

const Shown = createContext<ReactNode>(null);

/** A router with no pages: ways to others have their addresses, and lead nowhere. */
function createStageRouter(address: string) {
  const root = createRootRoute({ component: () => useContext(Shown) });
  const anywhere = createRoute({ getParentRoute: () => root, path: '$', component: () => null });
  return createRouter({
    routeTree: root.addChildren([anywhere]),
    basepath: '/console',
    history: createMemoryHistory({ initialEntries: [`/console${address}`] }),
  });
}

export type StageProps = {
  readonly children: ReactNode;
  /** Of the page that this is on. */
  readonly address?: string;
  readonly zone?: string;
  readonly session?: Partial<Session>;
};

/** All that a component of the console finds around it; the API answers from `answers.ts`. */
export function Stage({ children, address = '/deliveries', zone, session }: StageProps) {
  const [router] = useState(() => createStageRouter(address));
  const [cache] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: false } } }));
  const [api] = useState(() => {
    answerInPlaceOfApi();
    return createApi(location.origin);
  });
  return (
    <PreferencesProvider addressZone={zone}>
      <LanguageProvider>
        <QueryClientProvider client={cache}>
          <ApiProvider value={api}>
            <SessionProvider value={{ ...SESSION, ...session }}>
              <Shown value={children}>
                <RouterProvider router={router as never} />
              </Shown>
            </SessionProvider>
          </ApiProvider>
        </QueryClientProvider>
      </LanguageProvider>
    </PreferencesProvider>
  );
}
