import * as contract from '@anika/contracts/messages';
import { formatDataPath } from '@anika/core/data-path';
import { invalid } from '@anika/core/failures';
import { said } from '@anika/core/field-rules';
import type { Filter } from '@anika/core/filter';
import { repeatedName } from '@anika/core/json-text';
import { filterOf } from '../grants/grant-terms.ts';
import { partnerCaller } from '../http/check-access.ts';
import { existing, pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { iso, msOf } from '../http/times.ts';
import type { SearchLimit } from './limit-searches.ts';
import { type ReadMessage, recalledFailure, type VisibleMessage } from './readable-messages.ts';
import type { SearchMessages } from './search-messages.ts';
import { decodePositions, encodePositions } from './search-position.ts';

type Needs = {
  readonly read: ReadMessage;
  readonly search: SearchMessages;
  readonly limit: SearchLimit;
};

/** The JSON of a message; `data` is spliced in as it was published, numbers beyond a double and all. */
function messageText(message: VisibleMessage): string {
  const { id, topicId, type, key, dataText, acceptedAtMs, publishedAtMs, audience, isOwner } = message;
  const wasScheduled = isOwner && publishedAtMs !== undefined;
  const rest = JSON.stringify({
    id,
    topicId,
    type,
    key: key ?? null,
    acceptedAt: iso(wasScheduled ? publishedAtMs : acceptedAtMs),
    ...(wasScheduled && { deliverAt: iso(acceptedAtMs) }),
    ...(isOwner && { audience: audience ?? null }),
  });
  return `${rest.slice(0, -1)},"data":${dataText}}`;
}

/** Newest first, within a page also in a millisecond, of which the ids that part the pages say nothing. */
function inOrder(messages: readonly VisibleMessage[]): VisibleMessage[] {
  return [...messages].sort((a, b) => b.acceptedAtMs - a.acceptedAtMs || (b.order ?? 0) - (a.order ?? 0));
}

function whereOf(text: string | undefined): Filter | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('where', 'must be a JSON object, URL-encoded');
  }
  const repeated = repeatedName(value, text);
  if (repeated !== undefined) throw invalid(formatDataPath(['where', ...repeated]), said('repeated-name'));
  return filterOf(text, 'where');
}

export function messageRoutes({ read, search, limit: { run, charge } }: Needs): BoundRoute[] {
  return [
    bindRoute(contract.searchMessages, async ({ query, caller }) => {
      const { topicId, type, key, q, where, from, to, state, limit, cursor } = query;
      const by = partnerCaller(caller);
      // Who has searched for too long is refused before a filter is read: that takes its time, too.
      const found = await run(by.partnerId, async () =>
        search(
          {
            topicId,
            type,
            key,
            q,
            where: whereOf(where),
            isScheduled: state === 'scheduled',
            fromMs: msOf(from),
            toMs: msOf(to),
            positions: decodePositions(cursor),
            limit,
          },
          by,
        ),
      );
      const nextCursor = encodePositions(found.positions);
      const items = inOrder(found.messages).map(messageText).join(',');
      charge(by.partnerId, items.length);
      return { bodyText: `{"items":[${items}],"nextCursor":${JSON.stringify(nextCursor)}}` };
    }),
    bindRoute(contract.getMessage, async ({ params, caller }) => {
      const found = existing(await read(pathId('msg', params.id), partnerCaller(caller)), 'msg');
      if (found.isRecalled) throw recalledFailure(found);
      return { bodyText: messageText(found) };
    }),
  ];
}
