import { receipts } from '@anika/contracts/receipts';
import { listSubscriptions } from '@anika/contracts/subscriptions';
import { useState } from 'react';
import { useList, useOne } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import type { Grant } from './terms.ts';

const DAY_MS = 86_400_000;
/** A receipt is of at most so many days. */
const DAYS = 92;
const COUNTED = 200;

type Props = { readonly grant: Grant; readonly isOwner: boolean };

/** What the end of a grant would take with it, as the API counts it now. */
export function EndsWithIt({ grant: { topicId, partnerId }, isOwner }: Props) {
  return (
    <>
      {!isOwner && <OwnSubscriptions topicId={topicId} />}
      <Waiting topicId={topicId} partnerId={partnerId} />
    </>
  );
}

function lastDays() {
  const now = Date.now();
  return { from: new Date(now - DAYS * DAY_MS).toISOString(), to: new Date(now).toISOString() };
}

function Waiting(pair: Pick<Grant, 'topicId' | 'partnerId'>) {
  const text = useText();
  const [range] = useState(lastDays);
  const { data, error } = useOne(receipts, [{ query: { ...pair, ...range } }], { staleMs: 0 });
  if (error !== null) return <p role="status">{text('grant.waitsUnknown')}</p>;
  if (data === undefined) return <p role="status">{text('ui.loading')}</p>;
  const count = data.underWay + data.deliveries.held;
  return <p role="status">{text('grant.waits', { count, days: DAYS })}</p>;
}

function OwnSubscriptions({ topicId }: { readonly topicId: string }) {
  const text = useText();
  const { items, more, isLoading, error } = useList(
    listSubscriptions,
    { query: { topicId, limit: COUNTED } },
    { refreshMs: false },
  );
  if (error !== null) return <p role="status">{text('grant.ownUnknown')}</p>;
  if (isLoading) return null;
  return (
    <p>{text(more === undefined ? 'grant.ownSubscriptions' : 'grant.manyOwn', { count: items.length })}</p>
  );
}
