import { explainMessage, type explanation } from '@anika/contracts/explain';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { useList } from '../api/use-api.ts';
import { DeliveryStateBadge, useReason } from '../deliveries/delivery-state.tsx';
import { useText } from '../i18n/use-text.ts';
import { SubscriptionName } from '../subscriptions/subscription-name.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Freshness } from '../ui/freshness.tsx';
import { Problem } from '../ui/problem.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { RuleFact } from './rule-fact.tsx';

type Explanation = z.output<typeof explanation>;

/** Why a message came to each reader and subscription, or did not: every rule, in the order in which it is judged. */
export function Explain({ messageId }: { readonly messageId: string }) {
  const text = useText();
  const list = useList(
    explainMessage,
    { params: { id: messageId }, query: { limit: 50 } },
    { refreshMs: false },
  );
  const { items, isLoading, error, more, isLoadingMore, refresh } = list;
  return (
    <div className="stack">
      <div className="list-bar">
        <p className="lead">{text('explain.lead')}</p>
        <Freshness {...list} failed={error !== null} />
      </div>
      {error !== null && <Problem problem={error} onRetry={refresh} />}
      {isLoading && error === null && <Waiting />}
      {!isLoading && error === null && items.length === 0 && (
        <Empty icon="access" title={text('explain.none')} hint={text('explain.noneHint')} />
      )}
      <ul className="stack">
        {items.map((one) => (
          <li key={`${one.partnerId} ${one.subscriptionId}`} className="card" data-row tabIndex={-1}>
            <Row row={one} />
          </li>
        ))}
      </ul>
      {more !== undefined && (
        <div className="list-more">
          <Button onPress={more} busy={isLoadingMore}>
            {text('ui.more')}
          </Button>
        </div>
      )}
    </div>
  );
}

function Row({ row }: { readonly row: Explanation }) {
  const text = useText();
  const reason = useReason(row.reason);
  return (
    <>
      <header className="section-head">
        <h2>
          {row.partnerName}
          {row.subscriptionId !== null && (
            <>
              {' · '}
              <SubscriptionName id={row.subscriptionId} />
            </>
          )}
        </h2>
        <Outcome row={row} />
      </header>
      {row.subscriptionId === null && <p className="note">{text('explain.noSubscription')}</p>}
      {reason !== undefined && <p>{reason}</p>}
      {row.changedSince.length > 0 && (
        <p className="note note-wait">
          {row.changedSince.map((what) => text(`explain.changed.${what}`)).join(' ')}
        </p>
      )}
      <Rules rules={row.rules} />
    </>
  );
}

function Outcome({ row: { outcome, deliveryId, state } }: { readonly row: Explanation }) {
  const text = useText();
  if (outcome === 'none' || state === null) {
    return <Badge tone="off" icon="slash" word={text('explain.outcome.none')} />;
  }
  if (deliveryId === null) return <DeliveryStateBadge state={state} />;
  return (
    <Link to="/deliveries/$deliveryId" params={{ deliveryId }}>
      <DeliveryStateBadge state={state} />
    </Link>
  );
}

function Rules({ rules }: { readonly rules: Explanation['rules'] }) {
  const text = useText();
  return (
    <ol className="rules">
      {rules.map(({ rule, held, fact }) => (
        <li key={rule}>
          <Badge
            tone={held ? 'good' : 'bad'}
            icon={held ? 'check' : 'cross'}
            word={text(held ? 'explain.held' : 'explain.notHeld')}
          />
          <span>
            {text(`rule.${rule}`)}
            <span className="under">
              <RuleFact fact={fact} />
            </span>
          </span>
        </li>
      ))}
    </ol>
  );
}
