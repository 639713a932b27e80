import { declineGrant, deleteGrant, resendCancelled } from '@anika/contracts/grants';
import { apiCall } from '../api/snippets.ts';
import { useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { useMay } from '../session/session-context.ts';
import { Saved } from '../ui/saved.tsx';
import { WideAction } from '../ui/wide-action.tsx';
import { EndsWithIt } from './ends-with-it.tsx';
import { OF_GRANTS_AND_DELIVERIES } from './stale.ts';
import type { Grant } from './terms.ts';

type Props = { readonly grant: Grant; readonly isOwner: boolean; readonly reader: string };

export function GrantActions({ grant, isOwner, reader }: Props) {
  const text = useText();
  const may = useMay();
  const revoke = useWrite(deleteGrant, OF_GRANTS_AND_DELIVERIES);
  const decline = useWrite(declineGrant, OF_GRANTS_AND_DELIVERIES);
  const resend = useWrite(resendCancelled, OF_GRANTS_AND_DELIVERIES);
  const params = { id: grant.topicId, partnerId: grant.partnerId };
  if (!may.administer) return null;
  const isActive = grant.state === 'active';
  if (!isOwner) {
    return (
      <WideAction
        label={text('grant.decline')}
        title={text('grant.declineTitle')}
        effect={
          <>
            <EndsWithIt grant={grant} isOwner={false} />
            <p>{text('grant.declineEffect')}</p>
          </>
        }
        danger
        disabledBecause={isActive ? undefined : text('grant.notActive')}
        busy={decline.busy}
        problem={decline.error}
        run={() => decline.run({ params: { id: grant.id } })}
        call={apiCall(declineGrant, { params: { id: grant.id } })}
      />
    );
  }
  return (
    <>
      {resend.data !== undefined && <Saved>{text('grant.resent', { count: resend.data.resent })}</Saved>}
      <WideAction
        label={text('grant.resend')}
        title={text('grant.resendTitle')}
        effect={<p>{text('grant.resendEffect', { reader })}</p>}
        disabledBecause={isActive ? undefined : text('grant.notActive')}
        busy={resend.busy}
        problem={resend.error}
        run={() => resend.run({ params, body: {} })}
        call={apiCall(resendCancelled, { params, body: {} })}
      />
      <WideAction
        label={text('grant.revoke')}
        title={text('grant.revokeTitle', { reader })}
        effect={
          <>
            <EndsWithIt grant={grant} isOwner />
            <p>{text('grant.revokeEffect', { reader })}</p>
            <p>{text('grant.readersOwn', { reader })}</p>
          </>
        }
        typed={reader}
        danger
        disabledBecause={isActive ? undefined : text('grant.notActive')}
        busy={revoke.busy}
        problem={revoke.error}
        run={() => revoke.run({ params })}
        call={apiCall(deleteGrant, { params })}
      />
    </>
  );
}
