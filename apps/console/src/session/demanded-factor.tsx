import { SetUpFactor } from '../factor/set-up.tsx';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import { useTitle } from '../ui/page.tsx';
import { useSession } from './session-context.ts';
import { SignInFrame } from './sign-in-frame.tsx';

/** Whoever lacks the second factor that the company demands sees nothing but this. */
export function DemandedFactor({ onDone }: { readonly onDone: () => void }) {
  const text = useText();
  const { signOut } = useSession();
  const title = text('factor.demandedTitle');
  useTitle(title);
  return (
    <SignInFrame title={title}>
      <p className="lead">{text('factor.demandedLead')}</p>
      <SetUpFactor onDone={onDone} />
      <p>
        <Button kind="quiet" onPress={() => void signOut()}>
          {text('shell.signOut')}
        </Button>
      </p>
    </SignInFrame>
  );
}
