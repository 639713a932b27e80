import { z } from 'zod';
import { checkEqual } from '../check.ts';
import type { Endpoint } from '../endpoints.ts';
import type { Cast, Company, Stage } from '../stage.ts';

const created = z.object({
  id: z.string(),
  state: z.string(),
  stateReason: z.string().nullable(),
  secret: z.string(),
});

export interface Subscription {
  readonly id: string;
  readonly secret: string;
  readonly endpoint: Endpoint;
}

/** Subscribes a server of the company's own; it answers the challenge and from then on checks signatures. */
export async function subscribe(stage: Stage, company: Company, topicId: string): Promise<Subscription> {
  const endpoint = await stage.openEndpoint();
  const { id, state, secret } = await company.client.ask('POST /v1/subscriptions', created, {
    body: { topicId, url: endpoint.url },
  });
  checkEqual('подписка действует сразу после проверки адреса', state, 'active');
  checkEqual('адресу прислан один проверочный запрос', endpoint.challenges, 1);
  endpoint.trust(secret);
  return { id, secret, endpoint };
}

export async function subscribeBank(stage: Stage, { bank }: Cast, topicId: string): Promise<Subscription> {
  const { tell } = stage;
  tell.does(bank.name, 'подписывает свой сервер на топик', 'POST /v1/subscriptions');
  const subscription = await subscribe(stage, bank, topicId);
  tell.note(`настоящий HTTP-сервер банка слушает ${subscription.endpoint.url}`);
  tell.holds('АНИКА прислала проверочный запрос, сервер банка подтвердил его – подписка active');
  tell.holds(`банк получил секрет для проверки подписи: ${subscription.secret.slice(0, 10)}…`);
  return subscription;
}

const FORBIDDEN = [
  'http://169.254.169.254/latest/meta-data/',
  'http://[::ffff:169.254.169.254]/',
  'https://10.0.0.5/hook',
  'file:///etc/passwd',
];

/** Nobody may use the broker to look into its own network. */
export async function refuseInnerAddresses({ tell }: Stage, { bank }: Cast, topicId: string): Promise<void> {
  tell.does(bank.name, 'пробует подписать адреса чужой внутренней сети', 'POST /v1/subscriptions');
  for (const url of FORBIDDEN) {
    const code = await bank.client.refused('POST /v1/subscriptions', 422, { body: { topicId, url } });
    tell.holds(`${url} – отклонён (422 ${code})`);
  }
}
