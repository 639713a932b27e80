import { closedLoop, openLoop, type Publish, type Sent } from './driver.ts';

export type Scenario = {
  readonly name: string;
  readonly subscribers: number;
  readonly warmUp: number;
  /** Measured so often, the subjects in turn; the round in the middle counts. Default 1. */
  readonly rounds?: number;
  /** Scenarios that are compared with each other are measured in turn. */
  readonly comparedAs?: string;
  /** Deliveries to an endpoint of another company that never answers, queued before. The bare pipeline has none. */
  readonly hanging?: number;
  run(publish: Publish, first: number): Promise<Sent>;
};

/** Messages until the code of both programs is compiled: at a low rate a first thousand would tell of little else. */
const UNTIL_COMPILED = 5000;

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'closed loop, 10,000 messages, 32 in flight, 1 subscriber',
    subscribers: 1,
    warmUp: 1500,
    run: (publish, first) => closedLoop(publish, { count: 10_000, inFlight: 32, first }),
  },
  {
    name: 'open loop, 200/s for 10 s, 1 subscriber',
    subscribers: 1,
    warmUp: UNTIL_COMPILED,
    rounds: 3,
    run: (publish, first) => openLoop(publish, { perSecond: 200, seconds: 10, first }),
  },
  {
    name: 'open loop, 100/s for 10 s, 1 subscriber',
    subscribers: 1,
    warmUp: UNTIL_COMPILED,
    rounds: 3,
    run: (publish, first) => openLoop(publish, { perSecond: 100, seconds: 10, first }),
  },
  {
    name: 'fan-out, 500 messages, 20 subscribers',
    subscribers: 20,
    warmUp: 100,
    run: (publish, first) => closedLoop(publish, { count: 500, inFlight: 32, first }),
  },
  {
    name: 'fan-out, 1 message, 10,000 subscribers',
    subscribers: 10_000,
    warmUp: 1,
    run: (publish, first) => closedLoop(publish, { count: 1, inFlight: 1, first }),
  },
  {
    name: 'quiet neighbour: 50/s for 10 s',
    subscribers: 1,
    warmUp: UNTIL_COMPILED,
    rounds: 3,
    comparedAs: 'neighbour',
    hanging: 0,
    run: (publish, first) => openLoop(publish, { perSecond: 50, seconds: 10, first }),
  },
  {
    name: 'noisy neighbour: 50/s for 10 s beside 2,000 deliveries that hang',
    subscribers: 1,
    warmUp: UNTIL_COMPILED,
    rounds: 3,
    comparedAs: 'neighbour',
    hanging: 2000,
    run: (publish, first) => openLoop(publish, { perSecond: 50, seconds: 10, first }),
  },
];

/** In groups of those that are compared with each other. */
export function comparable(scenarios: readonly Scenario[]): Scenario[][] {
  const groups = new Map<string, Scenario[]>();
  for (const scenario of scenarios) {
    const key = scenario.comparedAs ?? scenario.name;
    groups.set(key, [...(groups.get(key) ?? []), scenario]);
  }
  return [...groups.values()];
}
