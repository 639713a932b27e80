import { useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { LanguageSwitch, ThemeSwitch } from '../shell/switches.tsx';
import { Mark } from '../ui/mark.tsx';
import { useTitle } from '../ui/page.tsx';
import { AcceptInvitation } from './accept-invitation.tsx';
import type { SignedIn } from './session-context.ts';
import { SignInForm } from './sign-in.tsx';

/** An invitation is in the part of the address that is sent to no server: `/console/#invitation=ani_…`. */
export function invitationIn(hash: string): string | undefined {
  return /^#invitation=(ani_[A-Za-z0-9_-]+)$/.exec(hash)?.[1];
}

export function SignInPage({ onSignedIn }: { readonly onSignedIn: (session: SignedIn) => void }) {
  const text = useText();
  const [invitation, setInvitation] = useState(() => invitationIn(location.hash));
  const [email, setEmail] = useState<string>();
  const title = text(invitation === undefined ? 'session.title' : 'invitation.title');
  useTitle(title);
  function accepted(of: string) {
    history.replaceState(null, '', location.pathname);
    setEmail(of);
    setInvitation(undefined);
  }
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
          {invitation === undefined ? (
            <>
              <p className="lead">{text(email === undefined ? 'session.lead' : 'invitation.done')}</p>
              <SignInForm key={email} {...(email !== undefined && { email })} onSignedIn={onSignedIn} />
            </>
          ) : (
            <AcceptInvitation token={invitation} onAccepted={accepted} />
          )}
        </section>
        <p className="signin-note">{text('session.note')}</p>
      </main>
    </div>
  );
}
