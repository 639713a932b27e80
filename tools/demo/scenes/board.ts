import { got } from 'got';
import { z } from 'zod';
import type { Operator } from '../../secrets.ts';
import { check, checkEqual } from '../check.ts';
import type { Stage } from '../stage.ts';

const board = z.object({
  queues: z.array(
    z.object({
      name: z.string(),
      jobs: z.array(z.object({ data: z.looseObject({ messageId: z.string() }) })),
    }),
  ),
});

/** The operator signs in as a browser would and finds the dead deliveries in Bull Board. */
export async function findInBoard(
  { tell, signal }: Stage,
  { api, operator, ids }: { api: string; operator: Operator; ids: readonly string[] },
): Promise<void> {
  const shared = { throwHttpErrors: false, followRedirect: false, retry: { limit: 0 }, signal } as const;
  const jobs = `${api}/admin/queues/api/queues?activeQueue=dead-letter&status=latest&page=1&jobsPerPage=10`;
  const closed = await got(jobs, { ...shared, headers: { accept: 'application/json' } });
  checkEqual('без входа очереди не видны', closed.statusCode, 401);
  tell.does('Оператор', 'входит в Bull Board', `${api}/admin/queues`);

  const form = await got(`${api}/admin/login`, shared);
  const csrf = /name="csrf" value="([^"]+)"/.exec(form.body)?.[1] ?? '';
  const entered = await got.post(`${api}/admin/login`, {
    ...shared,
    form: { csrf, ...operator },
    headers: { cookie: cookiesOf(form.headers['set-cookie']) },
  });
  checkEqual('оператор вошёл', entered.statusCode, 303);
  const cookie = cookiesOf(entered.headers['set-cookie']);
  const page = await got(jobs, { ...shared, headers: { accept: 'application/json', cookie } });
  const queue = board.parse(JSON.parse(page.body)).queues.find(({ name }) => name === 'dead-letter');
  const found = queue?.jobs.map(({ data }) => data.messageId) ?? [];
  const all = ids.every((id) => found.includes(id));
  check('обе доставки видны в очереди dead-letter', all, { expected: ids.join(', '), came: found });
  tell.holds('без входа – 401; после входа обе доставки лежат заданиями в очереди dead-letter');
  tell.note(`данные задания – только идентификаторы: ${JSON.stringify(queue?.jobs[0]?.data)}`);
}

function cookiesOf(headers: readonly string[] | undefined): string {
  return (headers ?? []).map((header) => header.split(';', 1)[0]).join('; ');
}
