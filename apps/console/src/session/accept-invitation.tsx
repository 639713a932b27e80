import { acceptInvitation } from '@anika/contracts/invitations';
import { useState } from 'react';
import { useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { Form } from '../ui/form.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { TextField } from '../ui/text-field.tsx';

type Props = { readonly token: string; readonly onAccepted: (email: string) => void };

/** Whoever was invited chooses a name and a password, and then signs in with them. */
export function AcceptInvitation({ token, onAccepted }: Props) {
  const text = useText();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const accept = useWrite(acceptInvitation, []);
  async function submit() {
    const done = await accept.run({ body: { token, name, password } });
    if (done !== undefined) onAccepted(done.data.email);
  }
  return (
    <>
      <p className="lead">{text('invitation.lead')}</p>
      <Form
        onSubmit={() => void submit()}
        busy={accept.busy}
        problem={accept.error}
        wrong={{ 'not-found': text('invitation.over') }}
        submit={text('invitation.accept')}
      >
        <TextField
          name="name"
          label={text('invitation.name')}
          value={name}
          onChange={setName}
          autoComplete="name"
          autoFocus
          required
        />
        <PasswordField
          name="password"
          which="new"
          label={text('session.password')}
          hint={text('invitation.passwordHint')}
          value={password}
          onChange={setPassword}
          required
        />
      </Form>
    </>
  );
}
