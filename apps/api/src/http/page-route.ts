import type { IncomingMessage, ServerResponse } from 'node:http';
import { addressKey } from '@anika/runtime/address-key';
import { authorizationOf } from './authorization.ts';
import { toFailure } from './problem.ts';
import { type Matched, type Reply, type RouteEnvironment, send, sendFailure } from './route.ts';

/** What machines ask for beside the API, at exactly one path. */
export type Page = {
  readonly path: string;
  readonly answer: (request: PageRequest) => Promise<Reply> | Reply;
};

type PageRequest = {
  readonly authorization: string | undefined;
  readonly remoteAddress: string | undefined;
};

export function servePage(
  { answer }: Page,
  { logger, outgoing }: Pick<RouteEnvironment, 'logger' | 'outgoing'>,
) {
  return async (req: IncomingMessage, res: ServerResponse, { remoteAddress }: Matched): Promise<void> => {
    try {
      const reply = await answer({ authorization: authorizationOf(req), remoteAddress });
      const hold = (bytes: number) => outgoing.hold(addressKey(remoteAddress), bytes, res);
      await send(res, { defaultStatus: 200, reply, hold });
    } catch (error) {
      sendFailure(res, toFailure(error), logger);
    }
  };
}
