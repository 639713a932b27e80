import { closedLoop, type Publish, quantile } from './driver.ts';
import { cpuMs, memoryMiB, type Running } from './programs.ts';
import type { Scenario } from './scenarios.ts';

/** One row of the result: a scenario on one subject. */
export type Row = {
  readonly scenario: string;
  readonly subject: 'anika' | 'bare';
  readonly messages: number;
  readonly deliveries: number;
  readonly deliveriesPerSecond: number;
  /** From sending a message to its 202. */
  readonly acceptedP50Ms: number;
  /** From the time a message was meant to be sent to its last arrival. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMsPerDelivery: number;
  readonly memoryMiB: number;
  readonly lost: number;
  readonly duplicates: number;
};

export type Subject = {
  readonly name: Row['subject'];
  readonly publish: Publish;
  readonly pids: readonly number[];
  readonly subscribers: number;
};
const DRAIN_MS = 60_000;

async function arrivals(
  receiver: Running,
  clear = false,
): Promise<Map<number, [count: number, atMs: number]>> {
  const response = await fetch(`${receiver.url}/arrivals${clear ? '?clear' : ''}`);
  const rows = (await response.json()) as [number, number, number][];
  return new Map(rows.map(([n, count, atMs]) => [n, [count, atMs]]));
}

/** Warms up, runs the scenario, and waits until everything has arrived. */
export async function measure(scenario: Scenario, subject: Subject, receiver: Running): Promise<Row> {
  const expected = (sent: ReadonlyMap<number, number>) => sent.size * subject.subscribers;
  const settle = async (sent: ReadonlyMap<number, number>) => {
    const until = Date.now() + DRAIN_MS;
    for (;;) {
      const arrived = await arrivals(receiver);
      const total = [...sent.keys()].reduce((sum, n) => sum + (arrived.get(n)?.[0] ?? 0), 0);
      if (total >= expected(sent) || Date.now() > until) return arrived;
      await new Promise((done) => setTimeout(done, 100));
    }
  };
  const warm = await closedLoop(subject.publish, { count: scenario.warmUp, inFlight: 16, first: 1_000_000 });
  await settle(warm.sentMs);
  await arrivals(receiver, true);

  const before = subject.pids.map(cpuMs);
  const { startedAt, sentMs, acceptedAfterMs } = await scenario.run(subject.publish, 1);
  const arrived = await settle(sentMs);
  const cpu = subject.pids.map(cpuMs).reduce((sum, ms, i) => sum + ms - (before[i] ?? 0), 0);
  const ends = [...sentMs.keys()].flatMap((n) => arrived.get(n)?.[1] ?? []);
  const total = [...sentMs.keys()].reduce((sum, n) => sum + (arrived.get(n)?.[0] ?? 0), 0);
  const late = [...sentMs].flatMap(([n, at]) => {
    const entry = arrived.get(n);
    return entry === undefined ? [] : [entry[1] - at];
  });
  const seconds = (Math.max(...ends) - startedAt) / 1000;
  const wanted = expected(sentMs);
  return {
    scenario: scenario.name,
    subject: subject.name,
    messages: sentMs.size,
    deliveries: total,
    deliveriesPerSecond: Math.round(total / seconds),
    acceptedP50Ms: round(quantile(acceptedAfterMs, 0.5)),
    p50Ms: round(quantile(late, 0.5)),
    p99Ms: round(quantile(late, 0.99)),
    cpuMsPerDelivery: Math.round((cpu / total) * 1000) / 1000,
    memoryMiB: subject.pids.map(memoryMiB).reduce((sum, mib) => sum + mib, 0),
    lost: Math.max(0, wanted - total),
    duplicates: Math.max(0, total - wanted),
  };
}

/** Of several rounds the one in the middle by its p99, with what all of them lost or sent twice. */
export function middleRound(rounds: readonly Row[]): Row[] {
  const middle = [...rounds].sort((a, b) => a.p99Ms - b.p99Ms)[Math.floor(rounds.length / 2)];
  if (middle === undefined) return [];
  const sum = (of: (row: Row) => number) => rounds.reduce((total, row) => total + of(row), 0);
  return [{ ...middle, lost: sum((row) => row.lost), duplicates: sum((row) => row.duplicates) }];
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
