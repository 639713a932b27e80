import * as contract from '@anika/contracts/replays';
import { memberText } from '@anika/core/json-text';
import { filterOf } from '../grants/grant-terms.ts';
import { filterView } from '../grants/grant-view.ts';
import { partnerCaller } from '../http/check-access.ts';
import { pageOf, pageRequest } from '../http/page.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { iso, isoOrNull, msOf } from '../http/times.ts';
import type { CountedReplay, Replays } from './replays.ts';

function replayView(replay: CountedReplay) {
  const { id, subscriptionId, topicId, state, types, only, perSecond, matched, isRead, counts } = replay;
  const { pending, retrying, held, delivered, dead, cancelled } = counts;
  const underWay = pending + retrying + held;
  return {
    id,
    subscriptionId,
    topicId,
    state,
    reason: replay.reason ?? null,
    from: iso(replay.fromMs),
    to: iso(replay.toMs),
    types,
    filter: filterView(replay.filter),
    only,
    perSecond,
    matched,
    isRead,
    started: underWay + delivered + dead + cancelled,
    underWay,
    delivered,
    dead,
    cancelled,
    createdAt: iso(replay.createdAtMs),
    endedAt: isoOrNull(replay.endedAtMs),
  };
}

export function replayRoutes(replays: Replays): BoundRoute[] {
  const one = (
    route: typeof contract.getReplay | typeof contract.pauseReplay,
    act: Replays['get'],
  ): BoundRoute =>
    bindRoute(route as typeof contract.getReplay, async ({ params, caller }) => ({
      body: replayView(await act(pathId('rpl', params.id), partnerCaller(caller))),
    }));

  return [
    bindRoute(contract.startReplay, async ({ params, body, bodyText, caller }) => {
      const id = pathId('sub', params.id);
      const by = partnerCaller(caller);
      const request = {
        fromMs: Date.parse(body.from),
        toMs: msOf(body.to),
        types: [...new Set(body.types ?? [])],
        filter: filterOf(memberText(bodyText, 'filter'), 'filter'),
        only: body.only,
        perSecond: body.perSecond,
      };
      if (body.dryRun === true) {
        return { status: 200, body: { dryRun: true, ...(await replays.preview(id, request, by)) } };
      }
      return { body: replayView(await replays.start(id, request, by)) };
    }),
    bindRoute(contract.listReplays, async ({ query, caller }) => {
      const list = {
        ...pageRequest(query),
        subscriptionId: query.subscriptionId,
      };
      const found = await replays.list(partnerCaller(caller), list);
      return { body: pageOf(found, query.limit, { cursor: ({ id }) => id, view: replayView }) };
    }),
    one(contract.getReplay, replays.get),
    one(contract.pauseReplay, replays.pause),
    one(contract.resumeReplay, replays.resume),
    one(contract.stopReplay, replays.stop),
  ];
}
