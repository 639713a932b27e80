import type { Answer } from '../../apps/api/src/testing/test-client.ts';
import type { Anika } from './anika.ts';
import { type Company, createCompany, createTopic, lookAt, type Member } from './company.ts';
import { MESSAGE, type OwnIds, type Place } from './places.ts';

/** What the stateful rows are about: two companies, and everything one was answered. */
export type Stage = {
  readonly anika: Anika;
  /** Asks; its answers may hold nothing of the victim's. */
  readonly intruder: Company;
  readonly victim: Company;
  /** A topic and a message of the intruder's and a partner that is known to all, for the other places of a request. */
  readonly own: OwnIds;
  readonly heard: Heard[];
  readonly before: Readonly<Record<'intruder' | 'victim', unknown>>;
};

export type Heard = { readonly request: string; readonly status: number; readonly text: string };

export type StatefulRow = {
  readonly title: string;
  /** Resolves with what is wrong, a sentence each. */
  check(stage: Stage): Promise<readonly string[]>;
};

export const MEMBERS: readonly Member[] = ['admin', 'developer', 'viewer', 'key'];

export async function openStage(anika: Anika): Promise<Stage> {
  const [intruder, victim, third] = [
    await createCompany(anika),
    await createCompany(anika),
    await createCompany(anika),
  ];
  const token = intruder.tokens.admin;
  const topic = await createTopic(anika, token);
  const message = await anika.client.call('POST', `/v1/topics/${topic.id}/messages`, {
    token,
    body: MESSAGE,
  });
  return {
    anika,
    intruder,
    victim,
    own: { topicId: topic.id, messageId: message.body.id, partnerId: third.id },
    heard: [],
    before: { intruder: await lookAt(anika, intruder), victim: await lookAt(anika, victim) },
  };
}

export type Asked = { readonly place: Place; readonly id: string; readonly token: string | undefined };

/** Sends the request of a place and keeps what was answered. */
export async function ask(stage: Stage, { place, id, token }: Asked): Promise<Answer> {
  const { path, body } = place.request(id, stage.own);
  const method = place.contract.method.toUpperCase();
  const answer = await stage.anika.client.call(method, path, { token, body });
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  stage.heard.push({ request: `${method} ${path}`, status: answer.status, text });
  return answer;
}

/** An id of the same form that nobody has. */
export function unknownLike(id: string): string {
  const last = [...id.slice(-6)].map((char) => (char === '0' ? '1' : '0')).join('');
  return id.slice(0, -6) + last;
}

/**
 * Asks for an id and for one that nobody has. Returns what tells them apart, if anything does: all but the id of
 * the request, and the id itself where it is repeated, must be the same.
 */
export async function difference(stage: Stage, asked: Asked): Promise<string | undefined> {
  const unknown = unknownLike(asked.id);
  const [real, other] = [await ask(stage, asked), await ask(stage, { ...asked, id: unknown })];
  const [realView, otherView] = [viewOf(real, asked.id), viewOf(other, unknown)];
  if (realView === otherView) return undefined;
  return `${asked.place.title} tells it from an unknown id: ${realView.slice(0, 150)} instead of ${otherView.slice(0, 150)}`;
}

function viewOf({ status, body }: Answer, id: string): string {
  // A signed text repeats the id in a form of its own, and says no more than the figures beside it.
  const { requestId, instance, jws, fingerprint, ...rest } =
    typeof body === 'object' && body !== null ? body : { body };
  return `${status} ${JSON.stringify(rest)}`.replaceAll(id, '<id>');
}
