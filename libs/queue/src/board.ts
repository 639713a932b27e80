import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { Queues } from './queues.ts';

/** Bull Board over the three queues, as an Express router to be mounted at `basePath`. */
export function createBoardRouter(options: { queues: Queues; basePath: string; readOnly: boolean }) {
  const server = new ExpressAdapter();
  server.setBasePath(options.basePath);
  createBullBoard({
    queues: options.queues.all.map(
      (queue) =>
        new BullMQAdapter(queue, { readOnlyMode: options.readOnly, allowRetries: !options.readOnly }),
    ),
    serverAdapter: server,
    options: { uiConfig: { boardTitle: 'ANIKA' } },
  });
  const board = server.getRouter();
  board.disable('x-powered-by');
  return board;
}
