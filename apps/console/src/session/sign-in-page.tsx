import { useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import type { MessageId } from '../messages/catalogue.ts';
import { Button } from '../ui/button.tsx';
import { useTitle } from '../ui/page.tsx';
import { AcceptInvitation } from './accept-invitation.tsx';
import { ForgottenPassword } from './forgotten-password.tsx';
import { ResetPassword } from './reset-password.tsx';
import type { SignedIn } from './session-context.ts';
import { SignInForm } from './sign-in.tsx';
import { SignInFrame } from './sign-in-frame.tsx';

type Step =
  | { readonly kind: 'sign-in'; readonly lead: MessageId; readonly email?: string }
  | { readonly kind: 'forgotten' }
  | { readonly kind: 'invitation' | 'reset'; readonly token: string };

const TITLES: Readonly<Record<Step['kind'], MessageId>> = {
  'sign-in': 'session.title',
  forgotten: 'forgotten.title',
  invitation: 'invitation.title',
  reset: 'reset.title',
};
const SIGN_IN: Step = { kind: 'sign-in', lead: 'session.lead' };

/** A link's token is in the part of the address that is sent to no server: `/console/#invitation=ani_…`, `#reset=anp_…`. */
export function stepIn(hash: string): Step {
  const invitation = /^#invitation=(ani_[A-Za-z0-9_-]+)$/.exec(hash)?.[1];
  if (invitation !== undefined) return { kind: 'invitation', token: invitation };
  const reset = /^#reset=(anp_[A-Za-z0-9_-]+)$/.exec(hash)?.[1];
  return reset === undefined ? SIGN_IN : { kind: 'reset', token: reset };
}

export function SignInPage({ onSignedIn }: { readonly onSignedIn: (session: SignedIn) => void }) {
  const text = useText();
  const [step, setStep] = useState(() => stepIn(location.hash));
  useTitle(text(TITLES[step.kind]));
  function done(next: Step) {
    history.replaceState(null, '', location.pathname);
    setStep(next);
  }
  return (
    <SignInFrame title={text(TITLES[step.kind])}>
      {step.kind === 'sign-in' && (
        <>
          <p className="lead">{text(step.lead)}</p>
          <SignInForm
            key={step.email}
            {...(step.email !== undefined && { email: step.email })}
            onSignedIn={onSignedIn}
            beside={
              <Button kind="quiet" onPress={() => setStep({ kind: 'forgotten' })}>
                {text('forgotten.ask')}
              </Button>
            }
          />
        </>
      )}
      {step.kind === 'forgotten' && <ForgottenPassword onBack={() => setStep(SIGN_IN)} />}
      {step.kind === 'invitation' && (
        <AcceptInvitation
          token={step.token}
          onAccepted={(email) => done({ kind: 'sign-in', lead: 'invitation.done', email })}
        />
      )}
      {step.kind === 'reset' && (
        <ResetPassword
          token={step.token}
          onReset={() => done({ kind: 'sign-in', lead: 'invitation.done' })}
        />
      )}
    </SignInFrame>
  );
}
