import { deadLetterJobV1, deliverJobV1 } from '@anika/contracts/jobs';
import type { DeliveryId, SubscriptionId } from '@anika/core/ids';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { QUEUE_NAMES, type Queues } from './queues.ts';

export type BoardOptions = {
  readonly queues: Queues;
  readonly basePath: string;
  readonly readOnly: boolean;
  /** What a job is about, in words; asked when it is shown, of those on one page. */
  readonly titles: (ids: readonly SubscriptionId[]) => Promise<ReadonlyMap<SubscriptionId, string>>;
  /** Where operators come from. */
  readonly consoleUrl: string;
  /** Where more is to be read of a delivery. */
  readonly deliveryUrl: (id: DeliveryId) => string;
};

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  [QUEUE_NAMES.deliver]: 'A job a delivery',
  [QUEUE_NAMES.deadLetter]: 'Deliveries that were given up, for you to see: nobody works on them',
  [QUEUE_NAMES.maintenance]: 'Repairs what a crash has left, and deletes what is not kept any more',
};

/** Both kinds of jobs that are about a delivery have these. */
const about = z.looseObject({
  deliveryId: deliverJobV1.shape.deliveryId,
  subscriptionId: deadLetterJobV1.shape.subscriptionId,
});
const TITLES_KEPT = 2000;

/** Bull Board over the three queues, as an Express router to be mounted at `basePath`. */
export function createBoardRouter(options: BoardOptions) {
  const server = new ExpressAdapter();
  server.setBasePath(options.basePath);
  createBullBoard({
    queues: options.queues.all.map((queue) => createAdapter(queue, options)),
    serverAdapter: server,
    options: { uiConfig: { boardTitle: 'ANIKA', miscLinks: [{ text: 'Console', url: options.consoleUrl }] } },
  });
  const board = server.getRouter();
  board.disable('x-powered-by');
  return board;
}

type ShownJob = { toJSON(): { readonly data: unknown } };

function createAdapter(
  queue: Queues['all'][number],
  { readOnly, titles, deliveryUrl }: BoardOptions,
): BullMQAdapter {
  const known = new LRUCache<SubscriptionId, string>({ max: TITLES_KEPT });
  const adapter = new BullMQAdapter(queue, {
    readOnlyMode: readOnly,
    allowRetries: !readOnly,
    description: DESCRIPTIONS[queue.name] ?? '',
    ...(queue.name !== QUEUE_NAMES.maintenance && {
      externalJobUrl: ({ data }) => {
        const job = about.safeParse(data).data;
        return { displayText: 'Delivery', href: job === undefined ? '#' : deliveryUrl(job.deliveryId) };
      },
    }),
  });

  /** The board asks for a name when it has the job, and waits for nothing then. */
  async function lookUp(jobs: readonly ShownJob[]): Promise<void> {
    const ids = jobs.flatMap((job) => about.safeParse(job.toJSON().data).data?.subscriptionId ?? []);
    // A database that is away leaves the jobs their plain names.
    const found = await titles([...new Set(ids)]).catch(() => new Map<SubscriptionId, string>());
    for (const [id, title] of found) known.set(id, title);
  }

  const [getJob, getJobs] = [adapter.getJob.bind(adapter), adapter.getJobs.bind(adapter)];
  adapter.getJob = async (id) => {
    const job = await getJob(id);
    if (job) await lookUp([job]);
    return job;
  };
  adapter.getJobs = async (...page) => {
    const jobs = await getJobs(...page);
    await lookUp(jobs);
    return jobs;
  };
  adapter.setFormatter('name', ({ name, data }) => {
    const job = about.safeParse(data).data;
    return (job && known.get(job.subscriptionId)) ?? name;
  });
  // Nobody works on dead letters, which is no cause for alarm.
  if (queue.name === QUEUE_NAMES.deadLetter) adapter.getWorkers = async () => null;
  return adapter;
}
