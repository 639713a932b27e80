import { got } from 'got';
import { z } from 'zod';
import { asIs } from '../../language.ts';
import type { Operator } from '../../secrets.ts';
import { check, checkEqual } from '../check.ts';
import type { Stage } from '../stage.ts';
import { WHO } from '../texts.ts';
import { TEXTS } from './board.texts.ts';

const job = z.object({ data: z.looseObject({ messageId: z.string() }) });
const page = z.object({ queues: z.array(z.object({ name: z.string(), jobs: z.array(job) })) });
export type Job = z.output<typeof job>;

/** Bull Board with the operator signed in. */
export interface Board {
  jobs(queue: string, state: string): Promise<readonly Job[]>;
}

/** The operator signs in as a browser would; before, nothing is shown. */
export async function enterBoard(
  { tell, signal }: Stage,
  { api, operator }: { api: string; operator: Operator },
): Promise<Board> {
  const shared = { throwHttpErrors: false, followRedirect: false, retry: { limit: 0 }, signal } as const;
  const address = (queue: string, state: string) =>
    `${api}/admin/queues/api/queues?activeQueue=${queue}&status=${state}&page=1&jobsPerPage=10`;
  const headers = { accept: 'application/json' };
  const closed = await got(address('dead-letter', 'latest'), { ...shared, headers });
  checkEqual(TEXTS.closed, closed.statusCode, 401);
  tell.does(WHO.operator, TEXTS.logsIn, `${api}/admin/queues`);

  const form = await got(`${api}/admin/login`, shared);
  const csrf = /name="csrf" value="([^"]+)"/.exec(form.body)?.[1] ?? '';
  const entered = await got.post(`${api}/admin/login`, {
    ...shared,
    form: { csrf, ...operator },
    headers: { cookie: cookiesOf(form.headers['set-cookie']) },
  });
  checkEqual(TEXTS.isIn, entered.statusCode, 303);
  const cookie = cookiesOf(entered.headers['set-cookie']);
  return {
    async jobs(queue, state) {
      const { body } = await got(address(queue, state), { ...shared, headers: { ...headers, cookie } });
      return page.parse(JSON.parse(body)).queues.find(({ name }) => name === queue)?.jobs ?? [];
    },
  };
}

/** The dead deliveries, as the operator finds them. */
export async function findInBoard({ tell }: Stage, board: Board, ids: readonly string[]): Promise<void> {
  tell.does(WHO.operator, TEXTS.looks);
  const jobs = await board.jobs('dead-letter', 'latest');
  const found = jobs.map(({ data }) => data.messageId);
  const all = ids.every((id) => found.includes(id));
  check(TEXTS.bothFound, all, { expected: asIs(ids.join(', ')), came: found });
  tell.holds(TEXTS.asJobs);
  tell.note(TEXTS.onlyIds(JSON.stringify(jobs[0]?.data)));
}

function cookiesOf(headers: readonly string[] | undefined): string {
  return (headers ?? []).map((header) => header.split(';', 1)[0]).join('; ');
}
