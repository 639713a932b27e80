import { createClient } from '@anika/client/client';
import { openPorts } from '../ports.ts';
import type { Operator } from '../secrets.ts';
import { signedIn } from './ask.ts';
import { askFor, companyNamed, keyFor, letIn, subscribed, topicNamed } from './companies.ts';
import { type Endpoint, flakyAnswer, openEndpoint } from './endpoints.ts';
import { type Account, readKept, writeKept } from './kept.ts';
import { publishOn, pullOn } from './traffic.ts';

export type SampleOptions = {
  readonly api: string;
  readonly operator: Operator;
  /** Where what was made is written down, to be found by the next run. */
  readonly home: string;
};

export type Sample = {
  readonly companies: readonly (Account & { readonly name: string })[];
  /** Of the endpoint that answers, though not always. */
  readonly endpoint: string;
  /** Nobody publishes, pulls or answers any more; what was made stays. */
  stop(): Promise<void>;
};

/** Settings under which a few minutes show what otherwise takes days; what the environment says comes first. */
export function sampleSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const allowed = [env.ANIKA_EGRESS_ALLOW, '127.0.0.1'].filter((one) => one !== undefined && one !== '');
  return {
    ANIKA_RETRY_SCHEDULE: '0s,2s,5s,10s',
    ANIKA_STATS_SECONDS: '10',
    ...env,
    ANIKA_EGRESS_ALLOW: allowed.join(','), // the companies' servers run on this machine
  };
}

const NAMES = { dealer: 'АвтоЭкспресс', bank: 'ExpoBank' };
const CHOICES = { name: 'Выбор машины', description: 'Клиент выбрал или купил машину в салоне' };
const STOCK = { name: 'Склад', description: 'Какие машины есть в салонах' };
const LOANS = { name: 'Loan decisions', description: 'What the bank has decided on car loans' };

/** Two companies that publish, three endpoints (one flaky, one dead, one pulling), and what goes on between them. */
export async function openSample({ api, operator, home }: SampleOptions): Promise<Sample> {
  const kept = await readKept(home);
  const ports = await openPorts(home);
  const nobody = createClient({ baseUrl: api });
  const asOperator = await signedIn(nobody, operator);
  const dealer = await companyNamed(nobody, asOperator, { name: NAMES.dealer, account: kept.dealer });
  const bank = await companyNamed(nobody, asOperator, { name: NAMES.bank, account: kept.bank });

  const choices = await topicNamed(dealer, CHOICES);
  const loans = await topicNamed(bank, LOANS);
  await askFor(bank, await topicNamed(dealer, STOCK), 'Оценить залог: какие машины есть в салонах');
  await letIn(dealer, bank, {
    topicId: choices,
    terms: { purpose: 'Предложить клиенту автокредит', days: 21, hidden: ['data.customer.phone'] },
  });
  await letIn(bank, dealer, {
    topicId: loans,
    terms: { purpose: 'Tell the customer', days: 200, hidden: [] },
  });

  const flaky = await openEndpoint(await ports.choose('sample-flaky'), flakyAnswer);
  try {
    await subscribed(bank, { topicId: choices, description: 'Кредитный конвейер', url: flaky.url });
    await subscribeDead(await ports.choose('sample-dead'), (url) =>
      subscribed(bank, { topicId: choices, description: 'Scoring', eventTypes: ['car.sold'], url }),
    );
    const screen = await subscribed(dealer, { topicId: loans, description: 'Экран продавца' });
    const keys = {
      dealer: await keyFor(dealer, kept, { name: 'Сервер салона', scope: 'publish' }),
      bank: await keyFor(bank, kept, { name: 'Loan engine', scope: 'publish' }),
      screen: await keyFor(dealer, kept, { name: 'Экран продавца', scope: 'receive' }),
    };
    await writeKept(home, kept);
    const stopping = new AbortController();
    const running = [
      publishOn(
        { client: keys.dealer, topicId: choices },
        { client: keys.bank, topicId: loans },
        stopping.signal,
      ),
      pullOn(keys.screen, screen, stopping.signal),
    ];
    return {
      companies: [
        { name: NAMES.dealer, ...kept.dealer },
        { name: NAMES.bank, ...kept.bank },
      ],
      endpoint: flaky.url,
      async stop() {
        stopping.abort();
        await Promise.all(running);
        await flaky.close();
      },
    };
  } catch (error) {
    await flaky.close();
    throw error;
  }
}

/** It answers its challenge, and nobody ever again. */
async function subscribeDead(port: number, subscribe: (url: string) => Promise<string>): Promise<void> {
  const endpoint: Endpoint = await openEndpoint(port, () => ({ status: 204, afterMs: 0 }));
  try {
    await subscribe(endpoint.url);
  } finally {
    await endpoint.close();
  }
}
