import { createPasswordReset } from '@anika/contracts/partners';
import { apiCall } from '../api/snippets.ts';
import { useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { WideAction } from '../ui/wide-action.tsx';
import { Handover } from './handover.tsx';

/** For a colleague who has forgotten the password. */
export function ResetLink({ id, email }: { readonly id: string; readonly email: string }) {
  const text = useText();
  const make = useWrite(createPasswordReset, []);
  const { data } = make;
  return (
    <WideAction
      label={text('resetLink.make')}
      title={text('resetLink.title', { email })}
      effect={
        data === undefined ? (
          <p>{text('resetLink.effect')}</p>
        ) : (
          <Handover kind="reset" token={data.token} lead={text('resetLink.handover', { email })} />
        )
      }
      busy={make.busy}
      problem={make.error}
      call={apiCall(createPasswordReset, { params: { id } })}
      onOpen={make.reset}
      // It stays open: the link is shown in it.
      run={() => make.run({ params: { id } }).then(() => undefined)}
    />
  );
}
