import type { TestApi } from './test-api.ts';
import type { Answer, CallOptions, TestPartner } from './test-client.ts';

/** An owner and its topics, a reader and its grants: what most tests of messages begin with. */
export async function openParties(api: TestApi) {
  const [owner, reader, stranger] = await Promise.all([
    api.createPartner(),
    api.createPartner(),
    api.createPartner(),
  ]);

  async function succeed(method: string, path: string, options: CallOptions): Promise<Answer['body']> {
    const { status, body } = await api.call(method, path, options);
    if (status < 300) return body;
    throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(body)}`);
  }

  async function topic(more: object = {}): Promise<string> {
    const name = `Выбор машины ${crypto.randomUUID()}`;
    const body = await succeed('POST', '/v1/topics', { token: owner.token, body: { name, ...more } });
    return body.id;
  }

  async function grant(topicId: string, terms: object = {}, to: TestPartner = reader): Promise<void> {
    await succeed('PUT', `/v1/topics/${topicId}/grants/${to.id}`, { token: owner.token, body: terms });
  }

  return {
    owner,
    reader,
    stranger,
    topic,
    grant,
    revoke: (topicId: string) =>
      succeed('DELETE', `/v1/topics/${topicId}/grants/${reader.id}`, { token: owner.token }),
    async grantedTopic(terms: object = {}): Promise<string> {
      const topicId = await topic();
      await grant(topicId, terms);
      return topicId;
    },
    /** Subscribes the reader, or whoever `by` is. */
    subscribe: (topicId: string, url: string, more: object = {}, by: TestPartner = reader) =>
      succeed('POST', '/v1/subscriptions', { token: by.token, body: { topicId, url, ...more } }),
    async publish(topicId: string, data: unknown, more: object = {}): Promise<string> {
      const body = { type: 'car.chosen', data, ...more };
      const accepted = await succeed('POST', `/v1/topics/${topicId}/messages`, { token: owner.token, body });
      return accepted.id;
    },
  };
}

export type Parties = Awaited<ReturnType<typeof openParties>>;
