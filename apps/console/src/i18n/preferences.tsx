import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';

export const LANGUAGES = ['ru', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export type Preferences = {
  readonly language: Language;
  readonly theme: Theme;
  /** An IANA name; undefined: that of the browser. */
  readonly zone: string | undefined;
  /** Whether single letters are shortcuts: who speaks to the computer may have them set off by chance. */
  readonly letters: boolean;
};

const KEY = 'anika.preferences';

export function isTheme(text: unknown): text is Theme {
  return THEMES.some((theme) => theme === text);
}

export function isLanguage(text: unknown): text is Language {
  return LANGUAGES.some((language) => language === text);
}

export function isZone(text: unknown): text is string {
  if (typeof text !== 'string') return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/** What was chosen in this browser before; for the rest, what the browser says. */
export function readPreferences(stored: string | null, browserLanguages: readonly string[]): Preferences {
  const known = parsed(stored);
  const first = browserLanguages.map((tag) => tag.slice(0, 2)).find(isLanguage);
  return {
    language: isLanguage(known.language) ? known.language : (first ?? 'en'),
    theme: isTheme(known.theme) ? known.theme : 'system',
    zone: isZone(known.zone) ? known.zone : undefined,
    letters: known.letters !== false,
  };
}

function parsed(stored: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(stored ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

export function storedPreferences(): Preferences {
  return readPreferences(localStorage.getItem(KEY), navigator.languages);
}

type Value = Preferences & {
  readonly browserZone: string;
  /** What the address of the view names counts before what was chosen here; undefined: it names none. */
  readonly showZone: (zone: string | undefined) => void;
  readonly change: (change: Partial<Preferences>) => void;
};

const PreferencesContext = createContext<Value | undefined>(undefined);

export function usePreferences(): Value {
  const value = useContext(PreferencesContext);
  if (value === undefined) throw new Error('there is no PreferencesProvider above');
  return value;
}

type Props = { readonly addressZone: string | undefined; readonly children: ReactNode };

export function PreferencesProvider({ addressZone, children }: Props) {
  const [shownZone, showZone] = useState(addressZone);
  const [chosen, setChosen] = useState(storedPreferences);
  const { language, theme } = chosen;
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dataset.theme = theme;
  }, [language, theme]);
  const value = useMemo<Value>(
    () => ({
      ...chosen,
      zone: shownZone ?? chosen.zone,
      showZone,
      browserZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      change(change) {
        setChosen((before) => {
          const after = { ...before, ...change };
          localStorage.setItem(KEY, JSON.stringify(after));
          return after;
        });
      },
    }),
    [chosen, shownZone],
  );
  return <PreferencesContext value={value}>{children}</PreferencesContext>;
}
