import { Agent, request } from 'undici';
import type { Field } from '../field.ts';

/** A company that wants no good, with a topic of its own. */
export type HostileCompany = Awaited<ReturnType<typeof createHostileCompany>>;

/** Another address than the neighbours': what is counted by address is its own. */
const ADDRESS = '127.0.0.2';
const ANSWER_WITHIN_MS = 30_000;

export async function createHostileCompany(field: Field) {
  const { client } = field.scene;
  const { token } = await client.createPartner('Недобрая');
  const topic = await client.call('POST', '/v1/topics', { token, body: { name: 'Всё сразу' } });
  const topicId: string = topic.body.id;
  const made = await client.call('POST', '/v1/api-keys', {
    token,
    body: { name: 'x', scopes: ['publish', 'read'] },
  });
  const key: string = made.body.key;
  const agent = new Agent({ localAddress: ADDRESS, keepAliveTimeout: 1000, keepAliveMaxTimeout: 1000 });
  const subscriptions: string[] = [];

  /** The status; what it is answered is thrown away. */
  async function ask(method: 'GET' | 'POST', path: string, more: { body?: Buffer; key?: string } = {}) {
    const answer = await request(field.api().url + path, {
      dispatcher: agent,
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${more.key ?? key}` },
      body: more.body ?? null,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    await answer.body.dump({ limit: Number.POSITIVE_INFINITY });
    return answer.statusCode;
  }

  return {
    topicId,
    key,
    address: ADDRESS,
    ask,
    publish: (body: Buffer) => ask('POST', `/v1/topics/${topicId}/messages`, { body }),
    publishBatch: (body: Buffer) => ask('POST', `/v1/topics/${topicId}/messages/batch`, { body }),

    /** @throws Error unless the endpoint is verified at once */
    async subscribe(url: string, more: object = {}): Promise<void> {
      const { body } = await client.call('POST', '/v1/subscriptions', {
        token,
        body: { topicId, url, ...more },
      });
      if (body.state !== 'active') throw new Error(`not active: ${JSON.stringify(body)}`);
      subscriptions.push(body.id);
      field.strangers.push(body.id);
    },

    /** Its subscriptions are deleted: what waits for them is over. */
    async leave(): Promise<void> {
      for (const id of subscriptions) await client.call('DELETE', `/v1/subscriptions/${id}`, { token });
      await agent.destroy();
    },
  };
}
