import { getDelivery, resendDelivery, retryDelivery } from '@anika/contracts/deliveries';
import { deliveryReceipt } from '@anika/contracts/receipts';
import { isUnfinished } from '@anika/core/delivery/delivery';
import { DONE_FROM } from '@anika/core/delivery/transition';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { apiCall } from '../api/snippets.ts';
import { REFRESH_MS, useOne, useWrite } from '../api/use-api.ts';
import { Attempts } from '../deliveries/attempts.tsx';
import { DeliveryStateBadge, useReason } from '../deliveries/delivery-state.tsx';
import { OperatorDelivery } from '../deliveries/operator-delivery.tsx';
import { RequestBody } from '../deliveries/request-body.tsx';
import { OF_DELIVERIES } from '../deliveries/stale.ts';
import { Timeline } from '../deliveries/timeline-view.tsx';
import { useText } from '../i18n/use-text.ts';
import { PartnerName } from '../partners/partner-name.tsx';
import { Signed } from '../receipts/signed.tsx';
import { useMay, useSession } from '../session/session-context.ts';
import { SubscriptionName } from '../subscriptions/subscription-name.tsx';
import { TopicName } from '../topics/topic-name.tsx';
import { Button } from '../ui/button.tsx';
import { Freshness } from '../ui/freshness.tsx';
import { Id } from '../ui/id.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Properties } from '../ui/properties.tsx';
import { Time } from '../ui/time.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { WideAction } from '../ui/wide-action.tsx';

const route = getRouteApi('/deliveries/$deliveryId');

type Delivery = z.output<NonNullable<typeof getDelivery.success.schema>>;

export function DeliveryPage() {
  const { deliveryId } = route.useParams();
  const { operate } = useMay();
  return operate ? <OperatorDelivery id={deliveryId} /> : <OwnDelivery deliveryId={deliveryId} />;
}

function OwnDelivery({ deliveryId }: { readonly deliveryId: string }) {
  const text = useText();
  const found = useOne(getDelivery, [{ params: { id: deliveryId } }], { refreshMs: REFRESH_MS });
  const { data, error, refresh } = found;
  if (data === undefined) return error === null ? <Waiting /> : <Problem problem={error} onRetry={refresh} />;
  return (
    <Page
      title={data.type}
      above={<Link to="/deliveries">{text('menu.deliveries')}</Link>}
      beside={<DeliveryStateBadge state={data.state} />}
      actions={<Actions delivery={data} />}
    >
      <Outcome delivery={data} />
      <Timeline delivery={data} />
      <Section title={text('delivery.attempts')} actions={<Freshness {...found} failed={error !== null} />}>
        <Attempts attempts={data.attempts} />
      </Section>
      <RequestBody delivery={data} />
      <Facts delivery={data} />
      <Proof deliveryId={data.id} attempts={data.attempts.length} />
    </Page>
  );
}

/** The first thing one wants to know, as a sentence. */
function Outcome({ delivery }: { readonly delivery: Delivery }) {
  const text = useText();
  const reason = useReason(delivery.reason);
  const before = delivery.attempts.length - delivery.attemptCount;
  const tone =
    { delivered: 'note-good', dead: 'note-bad', retrying: 'note-wait' }[String(delivery.state)] ?? '';
  return (
    <p className={`note ${tone}`} role="status">
      {text(`delivery.outcome.${delivery.state}`, { count: delivery.attemptCount })}
      {reason !== undefined && ` ${reason}.`}
      {before > 0 && ` ${text('delivery.before', { count: before })}`}
      {delivery.nextAttemptAt !== null && (
        <>
          {' '}
          {text('delivery.nextAt')} <Time at={delivery.nextAttemptAt} to="millisecond" />
        </>
      )}
    </p>
  );
}

function Facts({ delivery }: { readonly delivery: Delivery }) {
  const text = useText();
  return (
    <Properties
      items={[
        { name: text('topic.one'), value: <TopicName id={delivery.topicId} /> },
        {
          name: text('message.one'),
          value: (
            <Link to="/messages/$messageId" params={{ messageId: delivery.messageId }}>
              {delivery.type}
            </Link>
          ),
        },
        { name: text('grant.reader'), value: <PartnerName id={delivery.partnerId} /> },
        { name: text('subscription.one'), value: <SubscriptionName id={delivery.subscriptionId} /> },
        { name: text('message.acceptedAt'), value: <Time at={delivery.acceptedAt} to="millisecond" /> },
        delivery.finishedAt === null
          ? undefined
          : { name: text('delivery.finished'), value: <Time at={delivery.finishedAt} to="millisecond" /> },
        { name: text('delivery.webhookId'), value: <Id value={delivery.messageId} /> },
        { name: text('ui.id'), value: <Id value={delivery.id} /> },
      ]}
    />
  );
}

function Actions({ delivery }: { readonly delivery: Delivery }) {
  const text = useText();
  const may = useMay();
  const { partnerId } = useSession();
  const retry = useWrite(retryDelivery, OF_DELIVERIES);
  const resend = useWrite(resendDelivery, OF_DELIVERIES);
  const params = { id: delivery.id };
  if (!may.manage || delivery.partnerId !== partnerId) return null;
  const mayRetry = DONE_FROM.retry.includes(delivery.state);
  const mayResend = DONE_FROM.resend.includes(delivery.state);
  return (
    <>
      {retry.error !== null && <Problem problem={retry.error} />}
      {!mayResend && (
        <Button
          icon="refresh"
          keys="r"
          busy={retry.busy}
          disabledBecause={mayRetry ? undefined : text('delivery.noRetry')}
          onPress={() => void retry.run({ params })}
        >
          {text(isUnfinished(delivery.state) ? 'delivery.sendNow' : 'delivery.retry')}
        </Button>
      )}
      {mayResend && (
        <WideAction
          label={text('delivery.resend')}
          keys="r"
          title={text('delivery.resendTitle')}
          effect={<p>{text('delivery.resendEffect')}</p>}
          busy={resend.busy}
          problem={resend.error}
          run={() => resend.run({ params })}
          call={apiCall(resendDelivery, { params })}
        />
      )}
    </>
  );
}

/** What both companies can read to each other, and keep. */
function Proof({ deliveryId, attempts }: { readonly deliveryId: string; readonly attempts: number }) {
  const text = useText();
  const {
    text: source,
    error,
    refresh,
  } = useOne(deliveryReceipt, [{ params: { id: deliveryId } }], {
    enabled: attempts > 0,
  });
  if (attempts === 0) return null;
  return (
    <Section title={text('delivery.proof')} lead={text('delivery.proofLead')}>
      {error !== null && <Problem problem={error} onRetry={refresh} />}
      {source !== undefined && <Signed text={source} name={`anika-receipt-${deliveryId}`} />}
    </Section>
  );
}
