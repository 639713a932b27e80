import { ERROR_CLASSES } from '@anika/core/delivery/attempt-result';
import { decideOutcome } from '@anika/core/delivery/decide-outcome';
import { PULL_ERRORS, type PullErrorClass } from '@anika/core/delivery/lease';
import { REASONS, stateOf } from '@anika/core/delivery/reasons';
import { DEFAULT_RETRY_SCHEDULE, parseRetrySchedule } from '@anika/core/delivery/retry-schedule';
import { FAILURES, type FailureCode, invalid } from '@anika/core/failures';
import { messageOf, TLS_FAULTS } from '@anika/destinations/webhook/classify-error';
import { answerOf } from '@anika/destinations/webhook/read-answer';
import { challengeOf, REFUSALS, type Refusal } from '../../apps/api/src/auth/refusals.ts';
import { problemOf, STATUS_OF } from '../../apps/api/src/http/problem.ts';
import {
  ERROR_CLASS_ADVICE,
  FAILURE_ADVICE,
  PULL_ERROR_ADVICE,
  REASON_ADVICE,
  REFUSAL_MEANING,
  TLS_ADVICE,
} from './advice.ts';
import { page, table } from './table.ts';

/** docs/errors.md, from the codes, their statuses and the decisions about attempts. */
export function errorsPage(): string {
  return page([
    '# Errors',
    '## What the API answers',
    'Every failure is a problem document (RFC 9457), `application/problem+json`. Decide by `code`: titles and details ' +
      'are for people and may change. `requestId` is also in the `X-Request-Id` header and in our logs.',
    exampleProblem(),
    'A member of `errors` may have a `rule`, such as `filter-operator` or `too-far-ahead`, and the `values` that its words ' +
      'are about: for a program that says it in another language. More rules may come.',
    'Only a request whose code says so is worth sending again unchanged.',
    failureTable(),
    'Which route answers which code is in [routes.md](routes.md) and in the API reference (`/docs` of every installation).',
    '## Which credential is refused, and why',
    'Of `unauthenticated`, `detail` says which it is, and `WWW-Authenticate` says it to programs (RFC 6750 §3). Unknown, ' +
      'revoked and of a suspended company are one: more would tell a stranger something. A login or a refresh that is ' +
      'refused has a detail of its own.',
    refusalTable(),
    '## What an answer of your endpoint means',
    `An attempt is one POST to the endpoint of a subscription. The default schedule makes ${attempts()} of them ` +
      `(\`ANIKA_RETRY_SCHEDULE\`: \`${DEFAULT_RETRY_SCHEDULE}\`).`,
    answerTable(),
    '## When no answer came',
    'Such an attempt has an `errorClass` instead of a status. It is retried by the schedule, whatever the class; after ' +
      'the last attempt the delivery is dead (`attempts-exhausted`).',
    classTable(),
    'An attempt of a subscription that pulls has one of these where it was not acknowledged with `done`:',
    pullTable(),
    'Of class `tls`, the `error` of the attempt says which of these it was:',
    tlsTable(),
    '## Why a delivery ended or waits',
    'A delivery that is `dead`, `cancelled` or `held` has a `reason`. Dead ones are also in the dead-letter queue and can be ' +
      'started again; cancelled ones stay so; held ones wait for as long as the message is kept.',
    reasonTable(),
  ]);
}

function exampleProblem(): string {
  const problem = problemOf(
    invalid('timeoutMs', 'must be at least 1000'),
    '3f0c2a9e-5d5b-4a55-9a39-0f6d1c1a7b52',
  );
  return `\`\`\`json\n${JSON.stringify(problem, null, 2)}\n\`\`\``;
}

function failureTable(): string {
  const rows = Object.entries(FAILURES)
    .map(([code, facts]) => ({ code: code as FailureCode, ...facts }))
    .map(({ code, title, retryable }) => [
      `\`${code}\``,
      String(STATUS_OF[code]),
      retryable ? 'yes' : 'no',
      `${title}.`,
      FAILURE_ADVICE[code],
    ]);
  return table(['Code', 'Status', 'Send again', 'Meaning', 'What to do'], rows);
}

function refusalTable(): string {
  const rows = (Object.keys(REFUSALS) as Refusal[]).map((refusal) => [
    REFUSAL_MEANING[refusal],
    `\`${challengeOf(refusal).replace(/, error_description=.*/, ', …')}\``,
    `\`${REFUSALS[refusal]}\``,
  ]);
  return table(['What', '`WWW-Authenticate`', '`detail`'], rows);
}

const SCHEDULE = parseRetrySchedule(DEFAULT_RETRY_SCHEDULE) ?? [];

function attempts(): number {
  return SCHEDULE.length;
}

const ANSWERS = [
  ['2xx', 200],
  ['3xx', 302],
  ['410', 410],
  ['413', 413],
  ['429, 503', 429],
  ['other 4xx', 400],
  ['other 5xx', 500],
] as const;

function answerTable(): string {
  return table(
    ['Answer', 'What follows'],
    ANSWERS.map(([shown, status]) => [shown, consequence(status)]),
  );
}

/** What the dispatcher decides after a first attempt, in words. */
export function consequence(status: number): string {
  const situation = { attemptsMade: 1, schedule: SCHEDULE, nowMs: 0, random: 0.5 };
  const decide = (retryAfter?: string) =>
    decideOutcome({
      ...situation,
      answer: answerOf({ kind: 'response', status, retryAfter, bodyStart: '', durationMs: 0 }, 0),
    });
  const outcome = decide();
  if (outcome.kind === 'delivered') return 'Delivered.';
  if (outcome.kind === 'dead') {
    const end = outcome.endpointGone ? ', and the subscription is disabled' : '';
    return `Dead at once (\`${outcome.reason}\`)${end}.`;
  }
  const asked = decide('3600');
  const heedsHeader = asked.kind === 'retry' && asked.atMs > outcome.atMs;
  const redirect = status < 400 ? ' Redirects are not followed.' : '';
  if (!heedsHeader) return `Retried by the schedule.${redirect}`;
  return `Retried by the schedule, but not before \`Retry-After\` (at most ${maxRetryAfterHours(decide)} hours).`;
}

function maxRetryAfterHours(decide: (retryAfter: string) => ReturnType<typeof decideOutcome>): number {
  const longest = decide('999999999');
  return longest.kind === 'retry' ? longest.atMs / 3_600_000 : 0;
}

function classTable(): string {
  return table(
    ['Class', 'Meaning', 'What to do'],
    ERROR_CLASSES.map((name) => [`\`${name}\``, capital(`${messageOf(name)}.`), ERROR_CLASS_ADVICE[name]]),
  );
}

function pullTable(): string {
  const classes = Object.keys(PULL_ERRORS) as PullErrorClass[];
  return table(
    ['Class', 'Meaning', 'What to do'],
    classes.map((name) => [`\`${name}\``, capital(`${PULL_ERRORS[name]}.`), PULL_ERROR_ADVICE[name]]),
  );
}

function tlsTable(): string {
  return table(
    ['What', '`error`', 'What to do'],
    TLS_FAULTS.map(({ fault, message }) => [fault, capital(`${message}.`), TLS_ADVICE[fault]]),
  );
}

function reasonTable(): string {
  return table(
    ['Reason', 'State', 'Meaning', 'What to do'],
    [...REASONS.dead, ...REASONS.cancelled, ...REASONS.held].map((reason) => {
      const { meaning, advice } = REASON_ADVICE[reason];
      return [`\`${reason}\``, stateOf(reason), `${meaning}.`, advice];
    }),
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
