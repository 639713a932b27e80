import { listUsers } from '@anika/contracts/partners';
import { takeOffTotp } from '@anika/contracts/totp';
import { apiCall } from '../api/snippets.ts';
import { useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { WideAction } from '../ui/wide-action.tsx';

/** Of somebody who has lost it. */
export function TakeOffFactor({ id, email }: { readonly id: string; readonly email: string }) {
  const text = useText();
  const takeOff = useWrite(takeOffTotp, [listUsers]);
  return (
    <WideAction
      label={text('takeOff.do')}
      title={text('takeOff.title', { email })}
      effect={<p>{text('takeOff.effect')}</p>}
      danger
      busy={takeOff.busy}
      problem={takeOff.error}
      call={apiCall(takeOffTotp, { params: { id } })}
      run={() => takeOff.run({ params: { id } })}
    />
  );
}
