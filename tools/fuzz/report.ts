import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** What one run of schemathesis found, from its report of events (NDJSON). */
export type FuzzReport = {
  readonly operations: number;
  /** Requests that were answered. */
  readonly cases: number;
  /** Of those, answered with 2xx: the others show what is refused, these what is done. */
  readonly accepted: number;
  readonly failures: readonly FuzzFailure[];
};

export type FuzzFailure = {
  readonly operation: string;
  readonly check: string;
  readonly message: string;
  /** Method and address, cut: a made-up address may be many kilobytes. */
  readonly request: string;
  readonly status: number | undefined;
  /** How often the same check failed on the operation with the same message. */
  readonly count: number;
};

export type FuzzAnswer = { readonly operation: string; readonly status: number; readonly text: string };

const SHOWN_CHARS = 200;

const bytes = z.object({ $base64: z.string() });
const interaction = z.object({
  request: z.object({ method: z.string(), uri: z.string() }),
  response: z.object({ status_code: z.number(), content: bytes.nullish() }).nullish(),
});
const check = z.object({
  name: z.string(),
  status: z.string(),
  failure_info: z.object({ failure: z.looseObject({ title: z.string(), message: z.string() }) }).nullish(),
});
const scenario = z.object({
  ScenarioFinished: z.object({
    recorder: z.object({
      label: z.string(),
      checks: z.record(z.string(), z.array(check)).optional(),
      interactions: z.record(z.string(), interaction).optional(),
    }),
  }),
});
const problem = z.union([
  z.object({ NonFatalError: z.looseObject({ label: z.string().optional() }) }),
  z.object({ FatalError: z.looseObject({}) }),
]);

type Scenario = z.infer<typeof scenario>['ScenarioFinished']['recorder'];

/**
 * Reads a report line by line; `onAnswer` gets every answer there was.
 * @throws Error when the report ends early or tells of nothing: then nothing was tested
 */
export async function readReport(file: string, onAnswer: (answer: FuzzAnswer) => void): Promise<FuzzReport> {
  const tally = createTally(onAnswer);
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) if (line.trim() !== '') tally.add(JSON.parse(line));
  return tally.result();
}

/** Adds up the events of a report. */
export function createTally(onAnswer: (answer: FuzzAnswer) => void) {
  const operations = new Set<string>();
  const failures = new Map<string, FuzzFailure>();
  let cases = 0;
  let accepted = 0;
  let isWhole = false;

  function addFailure(failure: Omit<FuzzFailure, 'count'>): void {
    const key = `${failure.operation} ${failure.check} ${failure.message}`;
    const known = failures.get(key);
    failures.set(key, { ...(known ?? failure), count: (known?.count ?? 0) + 1 });
  }

  function addScenario({ label, checks = {}, interactions = {} }: Scenario): void {
    for (const { response } of Object.values(interactions)) {
      if (response === undefined || response === null) continue;
      operations.add(label);
      cases += 1;
      if (response.status_code < 300) accepted += 1;
      const text = Buffer.from(response.content?.$base64 ?? '', 'base64').toString('utf8');
      onAnswer({ operation: label, status: response.status_code, text });
    }
    for (const [caseId, results] of Object.entries(checks)) {
      for (const { name, status, failure_info: info } of results) {
        if (status === 'success' || status === 'skip') continue;
        const sent = interactions[caseId];
        addFailure({
          operation: label,
          check: name,
          message: cut(`${info?.failure.title ?? status}: ${info?.failure.message ?? ''}`),
          request: cut(`${sent?.request.method} ${sent?.request.uri}`),
          status: sent?.response?.status_code,
        });
      }
    }
  }

  return {
    add(event: object): void {
      if ('EngineFinished' in event) isWhole = true;
      if ('ScenarioFinished' in event) addScenario(scenario.parse(event).ScenarioFinished.recorder);
      const error = problem.safeParse(event);
      if (!error.success) return;
      const { label = 'the whole run' } = 'NonFatalError' in error.data ? error.data.NonFatalError : {};
      const [check = ''] = Object.keys(event);
      addFailure({
        operation: label,
        check,
        message: cut(JSON.stringify(event)),
        request: '',
        status: undefined,
      });
    },
    result(): FuzzReport {
      if (!isWhole || cases === 0) throw new Error('the report of schemathesis is not whole');
      return { operations: operations.size, cases, accepted, failures: [...failures.values()] };
    },
  };
}

/** For a terminal: one line, no control characters, 200 characters at most. */
export function cut(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length <= SHOWN_CHARS ? line : `${line.slice(0, SHOWN_CHARS - 1)}…`;
}
