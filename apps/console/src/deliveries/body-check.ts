import { getMessage } from '@anika/contracts/messages';
import type { EventToSend } from '@anika/core/delivery/event-body';
import { memberText } from '@anika/core/json-text';
import { useEffect, useMemo, useState } from 'react';
import type { ApiProblem } from '../api/api.ts';
import { useOne } from '../api/use-api.ts';
import { type Fields, useFieldsThen } from '../grants/terms-then.ts';
import { useGrant } from '../grants/use-grant.ts';
import { seenUnder } from '../message/as-seen.ts';
import type { Message } from '../message/message.ts';
import { type FoundBody, findBody } from '../proof/check-body.ts';
import { useSession } from '../session/session-context.ts';
import type { Topic } from '../topics/topic-name.tsx';

export type BodyCheck =
  | ({ readonly kind: 'match' } & FoundBody)
  | { readonly kind: 'differs' }
  | { readonly kind: 'unknown'; readonly why: 'recalled' | 'gone' | 'masked' | 'unread' };

type Sent = { readonly bodySha256: string; readonly grantVersion: number | null };
type Of = {
  readonly messageId: string;
  readonly topicId: string;
  readonly partnerId: string;
};

/**
 * Composes again, of what whoever looks may read, what was sent with an attempt, and compares its hash with the
 * recorded one. Undefined: it is still being found out.
 */
export function useBodyCheck({ messageId, topicId, partnerId }: Of, sent: Sent): BodyCheck | undefined {
  const { partnerId: own } = useSession();
  const { data, text, error } = useOne(getMessage, [{ params: { id: messageId } }]);
  const found = useGrant(topicId, partnerId);
  const { topic, grant, isOwner } = found;
  // The owner's own subscriptions are under no grant.
  const isGranted = partnerId !== own || !isOwner;
  const then = useFieldsThen(found, sent.grantVersion);
  const fields = isGranted && 'fields' in then ? then.fields : null;
  const events = useMemo(() => {
    if (data === undefined || text === undefined || topic === undefined) return undefined;
    return eventsOf({ ...data, dataText: memberText(text, 'data') ?? 'null' }, topic, fields);
  }, [data, text, topic, fields]);
  const body = useFound(events, sent.bodySha256);
  if (error !== null) return { kind: 'unknown', why: whyOf(error) };
  if (data === undefined || found.isLoading || then.kind === 'loading') return undefined;
  if (events === undefined) return { kind: 'unknown', why: 'gone' };
  if (body === 'looking') return undefined;
  if (body !== undefined) return { kind: 'match', ...body };
  const isAsThen = grant !== undefined && sent.grantVersion === grant.version;
  const isKnown = !isGranted || isAsThen || (isOwner && then.kind === 'known');
  return isKnown ? { kind: 'differs' } : { kind: 'unknown', why: 'masked' };
}

function whyOf({ code }: ApiProblem): 'recalled' | 'gone' | 'unread' {
  if (code === 'recalled') return 'recalled';
  return code === 'not-found' || code === 'forbidden' ? 'gone' : 'unread';
}

/** As it is seen, which to a reader is masked already, and as the mask of then leaves it. */
function eventsOf(
  { id, type, key, acceptedAt, deliverAt, dataText }: Message & { readonly dataText: string },
  { id: topicId, name, owner }: Topic,
  fields: Fields,
): readonly EventToSend[] {
  const seen = seenUnder(fields, { type, key, dataText });
  const looks = [{ key, dataText }, ...(seen === undefined ? [] : [seen])];
  return looks.map((look) => ({
    id,
    type,
    timestampMs: Date.parse(deliverAt ?? acceptedAt),
    dataText: look.dataText,
    key: look.key ?? undefined,
    topic: { id: topicId, name },
    publisher: owner,
  }));
}

function useFound(
  events: readonly EventToSend[] | undefined,
  sha256: string,
): FoundBody | undefined | 'looking' {
  const [found, setFound] = useState<FoundBody | undefined | 'looking'>('looking');
  useEffect(() => {
    let wanted = true;
    setFound('looking');
    if (events === undefined) return;
    void findBody(events, sha256).then((body) => {
      if (wanted) setFound(body);
    });
    return () => {
      wanted = false;
    };
  }, [events, sha256]);
  return found;
}
