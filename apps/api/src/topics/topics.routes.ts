import * as contract from '@anika/contracts/topics';
import { parseExact } from '@anika/core/exact-json';
import { compactText, memberText } from '@anika/core/json-text';
import type { Topic } from '@anika/core/topic';
import { partnerCaller } from '../http/check-access.ts';
import { pageOf, pageRequest } from '../http/page.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { iso, noNull } from '../http/times.ts';
import type { Topics } from './topics.ts';

function topicView(topic: Topic) {
  const { createdAtMs, updatedAtMs, description, schema, ...rest } = topic;
  return {
    ...rest,
    description: description ?? null,
    schema: schema === undefined ? null : parseExact(schema),
    createdAt: iso(createdAtMs),
    updatedAt: iso(updatedAtMs),
  };
}

type Nullable = {
  description?: string | null | undefined;
  schema?: Record<string, unknown> | null | undefined;
};

/** The schema as it was written, its numbers with all their digits. */
function schemaText(bodyText: string): string | undefined {
  const text = memberText(bodyText, 'schema');
  return text === undefined || text === 'null' ? undefined : compactText(text);
}

/** A patch says with null that a field goes; with absence that it stays. */
function withoutNulls<B extends Nullable>(body: B, bodyText: string) {
  const { description, schema, ...rest } = body;
  return {
    ...rest,
    ...(description !== undefined && { description: noNull(description) }),
    ...(schema !== undefined && { schema: schemaText(bodyText) }),
  };
}

export function topicRoutes(topics: Topics): BoundRoute[] {
  return [
    bindRoute(contract.createTopic, async ({ body, bodyText, caller }) => {
      const fields = {
        ...body,
        description: noNull(body.description ?? null),
        schema: schemaText(bodyText),
      };
      return { body: topicView(await topics.create(fields, partnerCaller(caller))) };
    }),
    bindRoute(contract.listTopics, async ({ query, caller }) => {
      const found = await topics.list(partnerCaller(caller), pageRequest(query));
      return { body: pageOf(found, query.limit, { cursor: (topic) => topic.id, view: topicView }) };
    }),
    bindRoute(contract.getTopic, async ({ params, caller }) => ({
      body: topicView(await topics.get(pathId('top', params.id), partnerCaller(caller))),
    })),
    bindRoute(contract.updateTopic, async ({ params, body, bodyText, caller }) => ({
      body: topicView(
        await topics.update(pathId('top', params.id), withoutNulls(body, bodyText), partnerCaller(caller)),
      ),
    })),
    bindRoute(contract.deleteTopic, async ({ params, caller }) => {
      await topics.remove(pathId('top', params.id), partnerCaller(caller));
      return {};
    }),
    bindRoute(contract.catalog, async ({ query, caller }) => {
      const found = await topics.catalog(partnerCaller(caller), { ...pageRequest(query), q: query.q });
      const view = ({ topic, access }: (typeof found)[number]) => ({
        id: topic.id,
        name: topic.name,
        description: topic.description ?? null,
        owner: topic.owner,
        access,
      });
      return { body: pageOf(found, query.limit, { cursor: ({ topic }) => topic.id, view }) };
    }),
  ];
}
