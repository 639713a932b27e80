import { forgotPassword } from '@anika/contracts/auth';
import { useState } from 'react';
import { useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import { Form } from '../ui/form.tsx';
import { Saved } from '../ui/saved.tsx';
import { OwnEmail } from './own-email.tsx';

/** Says the same of every address. */
export function ForgottenPassword({ onBack }: { readonly onBack: () => void }) {
  const text = useText();
  const [email, setEmail] = useState('');
  const ask = useWrite(forgotPassword, []);
  const [isAsked, setAsked] = useState(false);
  async function submit() {
    if ((await ask.run({ body: { email } })) !== undefined) setAsked(true);
  }
  const back = <Button onPress={onBack}>{text('forgotten.back')}</Button>;
  if (isAsked) {
    return (
      <>
        <Saved>{text('forgotten.done')}</Saved>
        <p className="lead">{text('forgotten.noMail')}</p>
        {back}
      </>
    );
  }
  return (
    <>
      <p className="lead">{text('forgotten.lead')}</p>
      <Form
        onSubmit={() => void submit()}
        busy={ask.busy}
        problem={ask.error}
        submit={text('forgotten.send')}
        beside={back}
      >
        <OwnEmail value={email} onChange={setEmail} autoFocus />
      </Form>
    </>
  );
}
