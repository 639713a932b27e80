import { setTimeout as wait } from 'node:timers/promises';
import { reasonOf } from '../tools/explained-error.ts';
import { check, type Verdict } from './check.ts';
import type { Fault } from './fault.ts';
import { ATTEMPTS, type Chance, type Field, openField } from './field.ts';
import type { Ground } from './ground.ts';
import { figuresOf } from './process-figures.ts';
import { NO_ANSWER } from './publisher.ts';
import { createRandom } from './random.ts';

/** A row of the table. */
export type Row = {
  readonly fault: string;
  readonly area: string;
  readonly seed: number;
  readonly figures: Verdict['figures'];
  /** From the end of the fault until nothing was left to do. */
  readonly settledSeconds: number;
  readonly tookSeconds: number;
  /** Of the programs that lived through it: largest memory, and largest growth of open descriptors. */
  readonly memoryMiB: number;
  readonly moreDescriptors: number;
  readonly notes: readonly string[];
  readonly findings: readonly string[];
};

const NOTHING: Verdict['figures'] = {
  accepted: 0,
  deliveries: 0,
  delivered: 0,
  dead: 0,
  requests: 0,
  repeats: 0,
  lost: 0,
};
/** Connections may be more than before; what leaks grows with the messages. */
const MORE_DESCRIPTORS_MAX = 100;
const MEMORY_MIB_MAX = 700;

export type RunOptions = {
  readonly seed: number;
  readonly signal?: Chance['signal'];
  /** Default false. */
  readonly isShort?: boolean;
};

/** Lets one fault happen and compares what everybody wrote down. */
export async function runFault(
  fault: Fault,
  ground: Ground,
  { seed, signal = new AbortController().signal, isShort = false }: RunOptions,
): Promise<Row> {
  const startedAt = Date.now();
  const took = () => Math.round((Date.now() - startedAt) / 100) / 10;
  let field: Field | undefined;
  try {
    field = await openField(ground, fault, { random: createRandom(seed), signal, isShort });
    const before = programFigures(field);
    await fault.run(field);
    signal.throwIfAborted();
    const settledSeconds = await field.settle(fault.settleSeconds ?? 90);
    const after = await calm(field, before);
    const verdict = await judge(field, fault);
    const findings = [...verdict.findings, ...field.findings, ...overgrown(after)];
    return {
      fault: fault.name,
      area: fault.area,
      seed,
      figures: verdict.figures,
      settledSeconds,
      tookSeconds: took(),
      ...after,
      notes: [...field.notes, answered(field)],
      findings,
    };
  } catch (error) {
    return {
      fault: fault.name,
      area: fault.area,
      seed,
      figures: NOTHING,
      settledSeconds: 0,
      tookSeconds: took(),
      memoryMiB: 0,
      moreDescriptors: 0,
      notes: field?.notes ?? [],
      findings: [...(field?.findings ?? []), `could not be carried out: ${reasonOf(error)}`],
    };
  } finally {
    await field?.close();
  }
}

async function judge(field: Field, fault: Fault): Promise<Verdict> {
  const [stored, deliveries, unfinished] = await Promise.all([
    field.stores.storedMessages(),
    field.stores.storedDeliveries(field.strangers),
    field.stores.unfinished(),
  ]);
  const endpoints = new Set(field.subscribed.map(({ endpoint }) => endpoint));
  return check(
    {
      sent: field.publisher.sent,
      acknowledged: field.publisher.acknowledged,
      answers: field.publisher.answers,
      slowestRefusalMs: field.publisher.slowest.refusedMs,
      stored,
      deliveries,
      unfinished,
      subscriptions: field.subscribed,
      hits: [...endpoints].flatMap(({ hits }) => hits),
    },
    { maxAttempts: ATTEMPTS, repeats: fault.repeats, ends: fault.ends ?? ['delivered'] },
  );
}

function answered({ publisher }: Field): string {
  const answers = [...publisher.answers].map(
    ([status, count]) => `${status === NO_ANSWER ? 'none' : status} × ${count}`,
  );
  const { acceptedMs, refusedMs } = publisher.slowest;
  return `answers: ${answers.join(', ')}; slowest 202 ${Math.round(acceptedMs)} ms, slowest refusal ${Math.round(refusedMs)} ms`;
}

type Figures = ReadonlyMap<number, { memoryMiB: number; descriptors: number }>;

function programFigures(field: Field): Figures {
  const found = [field.api(), ...field.dispatchers].flatMap(({ pid }) => {
    const figures = figuresOf(pid);
    return figures === undefined ? [] : [[pid, figures] as const];
  });
  return new Map(found);
}

/** Descriptors of connections that were just broken are given back a moment later. */
async function calm(field: Field, before: Figures): Promise<Pick<Row, 'memoryMiB' | 'moreDescriptors'>> {
  const growth = () =>
    [...programFigures(field)].map(
      ([pid, now]) => now.descriptors - (before.get(pid)?.descriptors ?? now.descriptors),
    );
  for (let tries = 0; tries < 20 && Math.max(0, ...growth()) > MORE_DESCRIPTORS_MAX; tries += 1)
    await wait(500);
  const memory = [...programFigures(field).values()].map(({ memoryMiB }) => memoryMiB);
  return { memoryMiB: Math.max(0, ...memory), moreDescriptors: Math.max(0, ...growth()) };
}

function overgrown({ memoryMiB, moreDescriptors }: Pick<Row, 'memoryMiB' | 'moreDescriptors'>): string[] {
  return [
    ...(memoryMiB > MEMORY_MIB_MAX ? [`a program has grown to ${memoryMiB} MiB`] : []),
    ...(moreDescriptors > MORE_DESCRIPTORS_MAX
      ? [`${moreDescriptors} more descriptors are open than before`]
      : []),
  ];
}
