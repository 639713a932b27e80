import { resetPassword } from '@anika/contracts/auth';
import { useState } from 'react';
import { useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { Form } from '../ui/form.tsx';
import { PasswordField } from '../ui/password-field.tsx';

type Props = { readonly token: string; readonly onReset: () => void };

/** Whoever has a link chooses a new password, and then signs in with it. */
export function ResetPassword({ token, onReset }: Props) {
  const text = useText();
  const [password, setPassword] = useState('');
  const reset = useWrite(resetPassword, []);
  async function submit() {
    if ((await reset.run({ body: { token, password } })) !== undefined) onReset();
  }
  return (
    <>
      <p className="lead">{text('reset.lead')}</p>
      <Form
        onSubmit={() => void submit()}
        busy={reset.busy}
        problem={reset.error}
        wrong={{ 'not-found': text('reset.over') }}
        submit={text('reset.set')}
      >
        <PasswordField
          name="password"
          which="new"
          label={text('settings.newPassword')}
          hint={text('invitation.passwordHint')}
          value={password}
          onChange={setPassword}
          autoFocus
          required
        />
      </Form>
    </>
  );
}
