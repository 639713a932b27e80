import { listDeliveries } from '@anika/contracts/deliveries';
import {
  pauseSubscription,
  resumeSubscription,
  verifySubscription,
} from '@anika/contracts/subscription-acts';
import { apiCall } from '../api/snippets.ts';
import { useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';
import { WideAction } from '../ui/wide-action.tsx';
import { OF_SUBSCRIPTIONS } from './stale.ts';
import type { Subscription } from './subscription-name.tsx';

export function SubscriptionActions({
  subscription: { id, state, delivery },
}: {
  readonly subscription: Subscription;
}) {
  const text = useText();
  const stale = [...OF_SUBSCRIPTIONS, listDeliveries];
  const pause = useWrite(pauseSubscription, stale);
  const resume = useWrite(resumeSubscription, stale);
  const verify = useWrite(verifySubscription, stale);
  const call = { params: { id } };
  const error = verify.error ?? resume.error;
  return (
    <>
      {error !== null && <Problem problem={error} />}
      {state !== 'paused' && delivery.type === 'webhook' && (
        <Button busy={verify.busy} onPress={() => void verify.run(call)}>
          {text('subscription.verify')}
        </Button>
      )}
      {state === 'active' || state === 'pending' ? (
        <WideAction
          label={text('subscription.pause')}
          title={text('subscription.pauseTitle')}
          effect={<p>{text(`subscription.pauseEffect.${delivery.type}`)}</p>}
          busy={pause.busy}
          problem={pause.error}
          run={() => pause.run(call)}
          call={apiCall(pauseSubscription, call)}
        />
      ) : (
        <Button kind="primary" busy={resume.busy} onPress={() => void resume.run(call)}>
          {text('subscription.resume')}
        </Button>
      )}
    </>
  );
}
