import { updatePartner } from '@anika/contracts/partners';
import { readTotp } from '@anika/contracts/totp';
import { apiCall } from '../api/snippets.ts';
import { useOne, useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session-context.ts';
import { Waiting } from '../ui/waiting.tsx';
import { WideAction } from '../ui/wide-action.tsx';

/** Whether everybody of the company must have a second factor. */
export function DemandFactor() {
  const text = useText();
  const { partnerId } = useSession();
  const factor = useOne(readTotp, []);
  const update = useWrite(updatePartner, [readTotp]);
  if (factor.data === undefined || partnerId === null) return <Waiting />;
  const { required, state } = factor.data;
  const next = required ? 'lift' : 'demand';
  const call = { params: { id: partnerId }, body: { secondFactorRequired: !required } };
  return (
    <div className="card stack">
      <p>{text(required ? 'demand.isOn' : 'demand.isOff')}</p>
      <p>
        <WideAction
          label={text(`demand.${next}`)}
          title={text(`demand.${next}`)}
          effect={<p>{text(`demand.${next}Effect`)}</p>}
          disabledBecause={required || state === 'on' ? undefined : text('demand.ownFirst')}
          busy={update.busy}
          problem={update.error}
          call={apiCall(updatePartner, call)}
          run={() => update.run(call)}
        />
      </p>
    </div>
  );
}
