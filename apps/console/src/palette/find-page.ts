import { listAccessRequests, listMyGrants, listTopicGrants } from '@anika/contracts/grants';
import { listTopics } from '@anika/contracts/topics';
import { type Api, ApiProblem } from '../api/api.ts';
import { everyPage } from '../api/every-page.ts';
import type { SignedIn } from '../session/session-context.ts';
import { type PastedId, pageOfId } from './ids.ts';

type Who = Pick<SignedIn, 'role' | 'partnerId' | 'userId'>;

/** Where an id leads whoever has signed in; undefined: nothing that he may see has it. */
export async function findPage(api: Api, pasted: PastedId, who: Who): Promise<string | undefined> {
  try {
    return await pageFor(api, pasted, who);
  } catch (error) {
    if (error instanceof ApiProblem && (error.status === 404 || error.status === 403)) return undefined;
    throw error;
  }
}

async function pageFor(api: Api, pasted: PastedId, who: Who): Promise<string | undefined> {
  const { id, kind } = pasted;
  const isOperator = who.role === 'operator';
  switch (kind) {
    case 'company':
      if (isOperator) return '/partners';
      return id === who.partnerId ? '/developers' : `/access?partner=${id}`;
    case 'user':
      if (id === who.userId) return '/settings';
      return who.role === 'admin' ? '/settings?tab=people' : undefined;
    case 'session':
      return '/settings';
    case 'invitation':
      if (isOperator) return '/partners';
      return who.role === 'admin' ? '/settings?tab=people' : undefined;
    case 'key':
      return who.role === 'admin' ? '/settings?tab=keys' : undefined;
    case 'grant':
      return isOperator ? undefined : pageOfGrant(api, id, who);
    case 'request':
      return isOperator ? undefined : pageOfRequest(api, id);
    case 'delivery':
    case 'message':
      return pageOfId(pasted);
    case 'erasure':
      return who.role === 'admin' ? pageOfId(pasted) : undefined;
    default:
      return isOperator ? undefined : pageOfId(pasted);
  }
}

const cursorOf = (cursor: string | undefined) => ({ limit: 200, ...(cursor !== undefined && { cursor }) });

async function pageOfGrant(api: Api, id: string, { partnerId }: Who): Promise<string | undefined> {
  const received = await everyPage((cursor) => api.ask(listMyGrants, { query: cursorOf(cursor) }));
  const topics = await everyPage((cursor) => api.ask(listTopics, { query: cursorOf(cursor) }));
  const own = topics.filter(({ owner }) => owner.id === partnerId);
  const given = await Promise.all(
    own.map((topic) =>
      everyPage((cursor) => api.ask(listTopicGrants, { params: { id: topic.id }, query: cursorOf(cursor) })),
    ),
  );
  const grant = [...received, ...given.flat()].find((one) => one.id === id);
  return grant === undefined ? undefined : `/access/${grant.topicId}/${grant.partnerId}`;
}

async function pageOfRequest(api: Api, id: string): Promise<string | undefined> {
  for (const direction of ['in', 'out'] as const) {
    const requests = await everyPage((cursor) =>
      api.ask(listAccessRequests, { query: { ...cursorOf(cursor), direction } }),
    );
    const found = requests.find((one) => one.id === id);
    if (found === undefined) continue;
    const isOpen = direction === 'in' && found.state === 'requested';
    const page = `/access/${found.topicId}/${found.partnerId}`;
    return isOpen ? `${page}?request=${id}` : `/access?tab=${direction}`;
  }
  return undefined;
}
