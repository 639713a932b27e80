import type { ReactNode } from 'react';
import { useText } from '../i18n/use-text.ts';
import { LanguageSwitch, ThemeSwitch } from '../shell/switches.tsx';
import { Mark } from '../ui/mark.tsx';

/** Around what is done before there is a session. */
export function SignInFrame({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const text = useText();
  return (
    <div className="signin">
      <header className="signin-head">
        <span className="brand">
          <Mark /> ANIKA
        </span>
        <span className="signin-switches">
          <LanguageSwitch />
          <ThemeSwitch />
        </span>
      </header>
      <main className="signin-main">
        <section className="signin-card">
          <h1>{title}</h1>
          {children}
        </section>
        <p className="signin-note">{text('session.note')}</p>
      </main>
    </div>
  );
}
