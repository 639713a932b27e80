import * as contract from '@anika/contracts/stream';
import type { Caller } from '@anika/core/access';
import { checkAccess, partnerCaller } from '../http/check-access.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import type { createOpenStream } from './open-stream.ts';

type Needs = {
  readonly open: ReturnType<typeof createOpenStream>;
  /** The same caller as he is now; rejects with `unauthenticated`. */
  readonly again: (caller: Caller, authorization: string | undefined) => Promise<Caller>;
};

/** No cache, no proxy that collects before it passes on, and nothing after it on its connection. */
const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  Connection: 'close',
  'X-Accel-Buffering': 'no',
};

export function streamRoutes({ open, again }: Needs): BoundRoute[] {
  return [
    bindRoute(contract.stream, async ({ query, caller, header, gone }) => {
      const by = partnerCaller(caller);
      const authorization = header('authorization');
      const stream = await open(
        {
          filter: {
            kinds: query.kinds,
            topicId: query.topicId,
            subscriptionId: query.subscriptionId,
          },
          lastEventId: header('last-event-id'),
          seconds: query.seconds,
          async callerNow() {
            const now = await again(by, authorization);
            checkAccess(contract.stream, now);
            return now;
          },
          gone: gone(),
        },
        by,
      );
      return { headers: HEADERS, stream, live: true };
    }),
  ];
}
