import { type ReactNode, useEffect, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import { IntlProvider } from 'react-intl';
import type { Messages } from '../messages/catalogue.ts';
import { type Language, usePreferences } from './preferences.tsx';

const CATALOGUES: Record<Language, () => Promise<Messages>> = {
  en: async () => (await import('../messages/en.ts')).en,
  ru: async () => (await import('../messages/ru.ts')).ru,
};

type Loaded = { readonly language: Language; readonly messages: Messages };

/** Texts, dates and numbers of everything below are in the chosen language and zone. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const { language, zone, browserZone } = usePreferences();
  const [loaded, setLoaded] = useState<Loaded>();
  useEffect(() => {
    let wanted = true;
    void CATALOGUES[language]().then((messages) => {
      if (wanted) setLoaded({ language, messages });
    });
    return () => {
      wanted = false;
    };
  }, [language]);
  if (loaded === undefined) return null;
  const locale = loaded.language === 'en' ? 'en-GB' : 'ru-RU';
  return (
    <IntlProvider locale={locale} messages={loaded.messages} timeZone={zone ?? browserZone}>
      <I18nProvider locale={locale}>{children}</I18nProvider>
    </IntlProvider>
  );
}
