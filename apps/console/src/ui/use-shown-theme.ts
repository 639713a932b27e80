import { useSyncExternalStore } from 'react';
import { usePreferences } from '../i18n/preferences.tsx';

const DARK = '(prefers-color-scheme: dark)';

function subscribe(listener: () => void): () => void {
  const query = matchMedia(DARK);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** Which of the two is seen, by choice or as the system has it: for what is painted, not styled. */
export function useShownTheme(): 'light' | 'dark' {
  const { theme } = usePreferences();
  const isDark = useSyncExternalStore(subscribe, () => matchMedia(DARK).matches);
  if (theme !== 'system') return theme;
  return isDark ? 'dark' : 'light';
}
