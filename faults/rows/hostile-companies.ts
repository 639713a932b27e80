import type { ServerResponse } from 'node:http';
import type { Fault } from '../fault.ts';
import type { Field } from '../field.ts';
import { compare } from '../hostile/compare.ts';
import { startCrudeEndpoint } from '../hostile/crude-endpoint.ts';
import { createHostileCompany, type HostileCompany } from '../hostile/hostile-company.ts';
import { atOnce, everySecond, type Pressure } from '../hostile/pressure.ts';
import { openUnreadAnswers } from '../hostile/unread-answers.ts';
import { costlySearches, falseKey, filler, manyWords, message, UNSTORABLE } from '../hostile/wares.ts';
import { type Measured, type Neighbours, openNeighbours } from '../neighbours.ts';

/** What a hostile company does, until it is stopped. */
type Hostility = {
  /** For the row: how much of it there was. */
  done(): string;
  /** Whether it was done at all: a row whose company did nothing shows nothing. */
  isReal(): boolean;
  stop(): Promise<void>;
};

type Stage = {
  readonly field: Field;
  readonly company: HostileCompany;
  readonly neighbours: Neighbours;
  /** An endpoint of the company's with so many subscriptions; it answers so once all are verified. */
  endpoint(subscriptions: number, how: (response: ServerResponse) => void, more?: object): Promise<Served>;
};
type Served = { requests(): number };

type Kind = Pick<Fault, 'name' | 'settings' | 'withNames' | 'isShort'> & {
  readonly about: string;
  /** Makes ready while it is still quiet, and returns what begins it. */
  prepare(stage: Stage): Promise<() => Hostility>;
};

/**
 * Of each stretch that is measured, and of both together before it counts. It is measured so many times in quiet and
 * beside the company, and the middle one counts: a machine that stands still for a fifth of a second makes the p99 of one.
 */
const LENGTHS = {
  long: { companies: 20, measureSeconds: 20, times: 3, warmUpSeconds: 5, leadSeconds: 3 },
  short: { companies: 6, measureSeconds: 3, times: 1, warmUpSeconds: 1, leadSeconds: 1 },
} as const;
/** The limits as they are shipped: the suite's own are for programs that are killed, not for companies. */
const SHIPPED_LIMITS = {
  ANIKA_RATE_MANAGE: '500',
  ANIKA_RATE_READ: '1000',
  ANIKA_RATE_ANONYMOUS: '100',
  ANIKA_SEARCH_MS_PER_SECOND: '250',
};
const MOST_PATIENT = { timeoutMs: 15_000, maxConcurrency: 256 };

const hang = () => undefined;

/** Publishes so often a second, for the endpoints that a kind is about. */
function publishing(
  { company }: Stage,
  { perSecond, body = message({ text: 'x' }) }: { perSecond: number; body?: Buffer },
): Pressure {
  return everySecond(perSecond, () => company.publish(body));
}

function toItsEndpoint(pressure: Pressure, served: Served): Hostility {
  return {
    done: () => `${pressure.done()} messages, ${served.requests()} requests to its own endpoints`,
    isReal: () => served.requests() > pressure.done() / 2,
    stop: pressure.stop,
  };
}

function asking(pressure: Pressure, what: string): Hostility {
  return { done: () => `${pressure.done()} ${what}`, isReal: () => pressure.done() > 0, stop: pressure.stop };
}

const KINDS: readonly Kind[] = [
  {
    name: 'hostile-tarpits',
    about: 'its 50 endpoints take each message and say nothing until the time-out',
    isShort: true,
    async prepare(stage) {
      const served = await stage.endpoint(50, hang, MOST_PATIENT);
      return () => toItsEndpoint(publishing(stage, { perSecond: 4 }), served);
    },
  },
  {
    name: 'hostile-slow-answers',
    about: 'its 50 endpoints answer 200 after 7 s',
    async prepare(stage) {
      const late = (response: ServerResponse) => void setTimeout(() => response.end(), 7000).unref();
      const served = await stage.endpoint(50, late, MOST_PATIENT);
      return () => toItsEndpoint(publishing(stage, { perSecond: 4 }), served);
    },
  },
  {
    name: 'hostile-on-a-shared-host',
    about: 'eight of its subscriptions are at the very host and port that the others have, and hang there',
    isShort: true,
    async prepare(stage) {
      const { company, neighbours } = stage;
      for (let made = 1; made <= 8; made += 1) {
        const path = `/hostile-${made}`;
        await company.subscribe(neighbours.endpoint.url + path, MOST_PATIENT);
        neighbours.endpoint.answerOnly(path, 'hang');
      }
      return () => asking(publishing(stage, { perSecond: 20 }), 'messages for eight that hang');
    },
  },
  {
    name: 'hostile-silent-names',
    about: 'the name servers of its 20 endpoints say nothing once these are verified',
    withNames: true,
    settings: {
      ANIKA_EGRESS_ALLOW: ['127.0.0.1', ...Array.from({ length: 20 }, (_, n) => silentName(n))].join(),
    },
    async prepare(stage) {
      const { company, field } = stage;
      const endpoint = await startCrudeEndpoint();
      for (let n = 0; n < 20; n += 1) {
        await company.subscribe(`http://${silentName(n)}:${new URL(endpoint.url).port}`, MOST_PATIENT);
      }
      field.names().beSilent();
      const asked = field.names().questions();
      return () => {
        const pressure = publishing(stage, { perSecond: 10 });
        return {
          done: () =>
            `${pressure.done()} messages, ${field.names().questions() - asked} unanswered questions`,
          isReal: () => field.names().questions() - asked > 20,
          async stop() {
            await pressure.stop();
            await endpoint.close();
          },
        };
      };
    },
  },
  {
    name: 'hostile-flood',
    about: 'publishes to its own 50 subscriptions more than is delivered',
    async prepare(stage) {
      const served = await stage.endpoint(50, (response) => void response.writeHead(204).end());
      return () => toItsEndpoint(publishing(stage, { perSecond: 60 }), served);
    },
  },
  {
    name: 'hostile-flood-that-hangs',
    about: 'publishes the same to 50 subscriptions whose endpoint says nothing until the time-out',
    async prepare(stage) {
      const served = await stage.endpoint(50, hang, MOST_PATIENT);
      return () => ({
        ...toItsEndpoint(publishing(stage, { perSecond: 60 }), served),
        isReal: () => served.requests() > 100,
      });
    },
  },
  {
    name: 'hostile-large-bodies',
    about: 'messages of 1 MB made of 100,000 words, some too large, and answers of 1 MB',
    settings: { ANIKA_MAX_MESSAGE_BYTES: '1048576' },
    async prepare(stage) {
      const [large, tooLarge] = [
        message({ text: manyWords(1_000_000) }),
        message({ text: filler(1_200_000) }),
      ];
      const answer = Buffer.from(filler(1_000_000));
      const served = await stage.endpoint(4, (response) => void response.end(answer));
      let turn = 0;
      return () => {
        const next = () => stage.company.publish(turn++ % 2 === 0 ? large : tooLarge);
        return { ...toItsEndpoint(everySecond(6, next), served), isReal: () => served.requests() > 0 };
      };
    },
  },
  {
    name: 'hostile-costly-searches',
    about: '24 searches at once, each over arrays and words that nothing has',
    async prepare({ company }) {
      await publishMany(company, 200);
      const searches = costlySearches(company.topicId);
      let turn = 0;
      const next = () => company.ask('GET', searches[turn++ % searches.length] ?? '');
      return () => asking(atOnce(24, next, { pauseMs: 20 }), 'searches');
    },
  },
  {
    name: 'hostile-unstorable',
    about:
      'messages that a store or its driver may choke on, alone and in batches, in one group with the others',
    isShort: true,
    async prepare({ company }) {
      const batch = Buffer.from(`{"messages":[${UNSTORABLE.join()}]}`);
      let turn = 0;
      const next = () => {
        const one = UNSTORABLE[turn++ % UNSTORABLE.length] ?? '';
        return turn % 10 === 0 ? company.publishBatch(batch) : company.publish(Buffer.from(one));
      };
      return () => asking(everySecond(100, next), 'messages or batches');
    },
  },
  {
    name: 'hostile-wrong-credentials',
    about: 'three hundred made-up keys a second',
    prepare: async ({ company }) => {
      const next = () => company.ask('GET', '/v1/topics', { key: falseKey() });
      return () => asking(everySecond(300, next), 'made-up keys');
    },
  },
  {
    name: 'hostile-unread-answers',
    about: 'asks for pages of 8 MB on ever more connections, and reads none',
    async prepare({ company, field }) {
      await publishMany(company, 200);
      return () => {
        const unread = openUnreadAnswers(field.api().url, company);
        const pressure = everySecond(20, unread.open);
        return {
          ...asking(pressure, 'answers'),
          async stop() {
            await pressure.stop();
            unread.close();
          },
        };
      };
    },
  },
];

function silentName(n: number): string {
  return `n${n}.hostile.example`;
}

/** What its searches have to look through. */
async function publishMany(company: HostileCompany, count: number): Promise<void> {
  const body = message({
    items: Array.from({ length: 1000 }, (_, n) => ({ n, word: `w${n}`, more: filler(12) })),
  });
  for (let made = 0; made < count; made += 1) await company.publish(body);
}

/** One hostile company beside twenty good ones, which must not notice. */
export const HOSTILE_COMPANIES: readonly Fault[] = KINDS.map(({ prepare, about, settings, ...kind }) => ({
  ...kind,
  about: `beside good companies, one: ${about}`,
  area: 'hostile',
  withoutLinks: true,
  repeats: 'never',
  settleSeconds: 240,
  settings: { ...SHIPPED_LIMITS, ...settings },
  run: (field) => runBeside(field, prepare),
}));

async function runBeside(field: Field, prepare: Kind['prepare']): Promise<void> {
  const lengths = field.isShort ? LENGTHS.short : LENGTHS.long;
  const company = await createHostileCompany(field);
  const neighbours = await openNeighbours(field, lengths.companies);
  const endpoints: { close(): Promise<void> }[] = [];
  const begin = await prepare({
    field,
    company,
    neighbours,
    async endpoint(subscriptions, how, more = {}) {
      const made = await startCrudeEndpoint();
      endpoints.push(made);
      for (let n = 1; n <= subscriptions; n += 1) await company.subscribe(`${made.url}/${n}`, more);
      made.answer(how);
      return made;
    },
  });
  try {
    await neighbours.measure(lengths.warmUpSeconds);
    const stretches = async () => {
      const measured: Measured[] = [];
      for (let n = 0; n < lengths.times; n += 1)
        measured.push(await neighbours.measure(lengths.measureSeconds));
      return measured;
    };
    const quiet = await stretches();
    const hostility = begin();
    await field.wait(lengths.leadSeconds * 1000);
    const beside = await stretches();
    field.require(hostility.isReal(), `the hostile company did too little: ${hostility.done()}`);
    field.note(`hostile: ${hostility.done()}`);
    await hostility.stop();
    compare(field, quiet, beside);
  } finally {
    await company.leave();
    for (const endpoint of endpoints) await endpoint.close();
  }
  await field.settle(60);
  await requireFirstAttempts(field);
}

/** However late: nobody is to pay with an attempt, or with a refused publish, for what another does. */
async function requireFirstAttempts(field: Field): Promise<void> {
  const stored = await field.stores.storedDeliveries(field.strangers);
  const more = stored.filter(({ attempts }) => attempts.join() !== '1');
  field.require(more.length === 0, `${more.length} of the others' deliveries have used up an attempt`);
  const refused = [...field.publisher.answers].filter(([status]) => status !== 202);
  field.require(
    refused.length === 0,
    `the others' publishes were answered ${refused.join(' times; ')} times`,
  );
}
