import { openBrowserSessionWithTotp } from '@anika/contracts/totp';
import { useWrite } from '../api/use-api.ts';
import { ProofForm } from '../factor/proof.tsx';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import type { SignedIn } from './session-context.ts';

type Props = {
  readonly challenge: string;
  readonly onSignedIn: (session: SignedIn) => void;
  /** To the password. */
  readonly onBack: () => void;
};

/** Of an account that has a second factor, after the password. */
export function SecondStep({ challenge, onSignedIn, onBack }: Props) {
  const text = useText();
  const signIn = useWrite(openBrowserSessionWithTotp, []);
  return (
    <>
      <p className="lead">{text('factor.asked')}</p>
      <ProofForm
        submit={text('session.signIn')}
        busy={signIn.busy}
        problem={signIn.error}
        wrong={{ unauthenticated: text('factor.tooLate') }}
        onProof={async (proof) => {
          const done = await signIn.run({ body: { challenge, ...proof } });
          if (done !== undefined) onSignedIn(done.data);
        }}
        beside={<Button onPress={onBack}>{text('forgotten.back')}</Button>}
      />
    </>
  );
}
