import { atOnce, everySecond } from '../../faults/hostile/pressure.ts';
import type { Anika } from './anika.ts';
import { createTopic, succeed } from './company.ts';
import {
  COSTLY_SCHEMA,
  costlyShapes,
  MASKED_GRANT,
  type Shape,
  type ShapeKind,
  shapesOfSize,
} from './costly-shapes.ts';
import { DELAY_P99_MS, type LoopDelay, watchLoopDelay } from './loop-delay.ts';

/** Two companies that others cannot choose: one sends what is costly, one what everybody does. */
export type Neighbours = {
  readonly kinds: readonly ShapeKind[];
  /** One of each kind that was found to freeze an api. */
  ofSize(bytes: number): readonly Shape[];
  send(shape: Shape): Promise<number>;
  /** What a good company was answered to one publish and one search. */
  good(): Promise<readonly number[]>;
};

export type Beside<T> = {
  readonly result: T;
  readonly delay: LoopDelay;
  readonly findings: readonly string[];
};

/** An honest answer to what costs too much; a good company may not get it. */
const REFUSED_FOR_NOW = 503;
const SHAPES_PER_SECOND = 4;
/** Between what a good company asks for and what it asks next. */
const GOOD_PAUSE_MS = 200;

export async function openNeighbours(anika: Anika): Promise<Neighbours> {
  const [owner, reader, good] = [
    await anika.client.createPartner(),
    await anika.client.createPartner(),
    await anika.client.createPartner(),
  ];
  const { id: filteredTopicId } = await createTopic(anika, owner.token);
  const { id: schemaTopicId } = await createTopic(anika, owner.token, { schema: COSTLY_SCHEMA });
  const { id: goodTopicId } = await createTopic(anika, good.token);
  await succeed(anika, `PUT /v1/topics/${filteredTopicId}/grants/${reader.id}`, {
    token: owner.token,
    body: MASKED_GRANT,
  });
  // Access tokens end after a quarter of an hour.
  const keys = {
    owner: await owner.apiKey(['publish', 'read', 'manage']),
    reader: await reader.apiKey(['publish', 'read', 'manage']),
    good: await good.apiKey(['publish', 'read']),
  };
  const ask = async (...[method, path, options]: Parameters<Anika['client']['call']>) =>
    (await anika.client.call(method, path, options)).status;
  const ground = { filteredTopicId, schemaTopicId, readerId: reader.id };
  return {
    kinds: costlyShapes(ground),
    ofSize: (bytes) => shapesOfSize(ground, bytes),
    send: ({ method, path, rawBody, as }) =>
      ask(method, path, { token: keys[as], ...(rawBody !== undefined && { rawBody }) }),
    good: () =>
      Promise.all([
        ask('POST', `/v1/topics/${goodTopicId}/messages`, {
          token: keys.good,
          body: { type: 'car.chosen', data: { car: 'Лада' } },
        }),
        ask('GET', `/v1/messages?topicId=${goodTopicId}&q=лада`, { token: keys.good }),
      ]),
  };
}

/** Does the work while a hostile company sends these shapes in turn, and a good one goes on. */
export async function besideHostile<T>(
  anika: Anika,
  { neighbours, shapes }: { readonly neighbours: Neighbours; readonly shapes: readonly Shape[] },
  work: () => Promise<T>,
): Promise<Beside<T>> {
  const watch = await watchLoopDelay(anika);
  const answers = new Map<number, number>();
  const troubles: string[] = [];
  let turn = 0;
  const hostile = everySecond(SHAPES_PER_SECOND, async () => {
    const shape = shapes[turn++ % shapes.length];
    const status = shape === undefined ? 0 : await neighbours.send(shape);
    if (shape !== undefined && status >= 500 && status !== REFUSED_FOR_NOW)
      troubles.push(`${shape.title} was answered ${status}`);
  });
  const askForGood = async () => {
    const statuses = await neighbours.good().catch(() => [0]);
    for (const status of statuses) answers.set(status, (answers.get(status) ?? 0) + 1);
  };
  const good = atOnce(1, askForGood, { pauseMs: GOOD_PAUSE_MS });
  try {
    const result = await work();
    await Promise.all([hostile.stop(), good.stop()]);
    const delay = await watch.stop();
    return { result, delay, findings: [...new Set(troubles), ...refused(answers), ...late(delay)] };
  } finally {
    await Promise.all([hostile.stop(), good.stop()]);
  }
}

function refused(answers: ReadonlyMap<number, number>): string[] {
  return [...answers]
    .filter(([status]) => status < 200 || status >= 300)
    .map(
      ([status, count]) =>
        `a good company beside it was answered ${status === 0 ? 'nothing' : status} × ${count}`,
    );
}

function late({ p99Ms, maxMs }: LoopDelay): string[] {
  if (p99Ms <= DELAY_P99_MS) return [];
  return [
    `the api's event loop was late by ${p99Ms} ms (p99; at most ${maxMs} ms), ${DELAY_P99_MS} ms are allowed`,
  ];
}
