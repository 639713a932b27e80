import { openBrowserSession } from '@anika/contracts/auth';
import { type ReactNode, useState } from 'react';
import { useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { Form } from '../ui/form.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { OwnEmail } from './own-email.tsx';
import { SecondStep } from './second-step.tsx';
import type { SignedIn } from './session-context.ts';

type Props = {
  readonly email?: string;
  readonly onSignedIn: (session: SignedIn) => void;
  /** Beside the button. */
  readonly beside?: ReactNode;
};

export function SignInForm({ email: known = '', onSignedIn, beside }: Props) {
  const text = useText();
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState('');
  const signIn = useWrite(openBrowserSession, []);
  async function submit() {
    const done = await signIn.run({ body: { email, password } });
    if (done !== undefined) onSignedIn(done.data);
  }
  const challenge = signIn.error?.problem?.challenge?.token;
  if (challenge !== undefined) {
    return <SecondStep challenge={challenge} onSignedIn={onSignedIn} onBack={signIn.reset} />;
  }
  return (
    <Form
      onSubmit={() => void submit()}
      busy={signIn.busy}
      problem={signIn.error}
      wrong={{ unauthenticated: text('session.wrong') }}
      submit={text('session.signIn')}
      beside={beside}
    >
      <OwnEmail value={email} onChange={setEmail} autoFocus={known === ''} />
      <PasswordField
        name="password"
        which="present"
        label={text('session.password')}
        value={password}
        onChange={setPassword}
        autoFocus={known !== ''}
        required
      />
    </Form>
  );
}
