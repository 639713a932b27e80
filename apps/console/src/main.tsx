import '@fontsource-variable/golos-text/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './ui/styles/index.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiProblem, createApi } from './api/api.ts';
import { ApiProvider } from './api/api-context.ts';
import { withZone, zoneIn } from './i18n/address-zone.ts';
import { LanguageProvider } from './i18n/language-provider.tsx';
import { PreferencesProvider, storedPreferences } from './i18n/preferences.tsx';
import { createAppRouter } from './router.tsx';
import { SessionGate } from './session/session-gate.tsx';

const RETRIES = 2;

// The address says in which zone it is seen, whenever that is not the one of the browser.
history.replaceState(history.state, '', withZone(location.href, storedPreferences().zone));

const api = createApi(location.origin);
const router = createAppRouter();
const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2000,
      // What was refused for good is not asked for again.
      retry: (failures, error) => failures < RETRIES && error instanceof ApiProblem && error.retryable,
    },
  },
});

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');
createRoot(root).render(
  <StrictMode>
    <PreferencesProvider addressZone={zoneIn(location.search)}>
      <LanguageProvider>
        <QueryClientProvider client={cache}>
          <ApiProvider value={api}>
            <SessionGate>
              <RouterProvider router={router} />
            </SessionGate>
          </ApiProvider>
        </QueryClientProvider>
      </LanguageProvider>
    </PreferencesProvider>
  </StrictMode>,
);
