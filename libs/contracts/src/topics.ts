import { z } from 'zod';
import { idParams, jsonObject, label, pageOf, pageQuery, prose, searchText } from './common.ts';
import { BUILDERS_MANAGE, defineRoute, MEMBERS_READ } from './route.ts';

export const topic = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    visibility: z.enum(['private', 'listed']),
    retentionDays: z.number().int(),
    schema: jsonObject.nullable(),
    owner: z.object({ id: z.string(), name: z.string() }),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .meta({ id: 'Topic' });

const topicFields = {
  name: label(200),
  description: prose(2000).nullable(),
  visibility: z.enum(['private', 'listed']),
  retentionDays: z.number().int().min(1).max(3650),
  schema: jsonObject.nullable().describe('JSON Schema (2020-12 or draft-07) that `data` must fit'),
};

export const createTopic = defineRoute({
  id: 'createTopic',
  module: 'topics',
  method: 'post',
  path: '/v1/topics',
  summary: 'Create a topic',
  access: BUILDERS_MANAGE,
  body: z.strictObject({
    name: topicFields.name,
    description: topicFields.description.optional(),
    visibility: topicFields.visibility.default('private'),
    retentionDays: topicFields.retentionDays.default(30),
    schema: topicFields.schema.optional(),
  }),
  example: {
    body: {
      name: 'Выбор машины',
      description: 'Какую машину выбрал клиент',
      visibility: 'listed',
      schema: {
        type: 'object',
        required: ['model', 'price'],
        properties: { model: { type: 'string' }, price: { type: 'number', minimum: 0 } },
      },
    },
  },
  success: { status: 201, schema: topic, description: 'The topic' },
  failures: ['limit-reached', 'conflict'],
});

export const listTopics = defineRoute({
  id: 'listTopics',
  module: 'topics',
  method: 'get',
  path: '/v1/topics',
  summary: 'List own topics and those granted to me',
  access: MEMBERS_READ,
  query: pageQuery,
  success: { status: 200, schema: pageOf(topic), description: 'A page of topics' },
});

export const getTopic = defineRoute({
  id: 'getTopic',
  module: 'topics',
  method: 'get',
  path: '/v1/topics/{id}',
  summary: 'Read a topic',
  description: 'A reader whose grant hides fields sees the `schema` without them.',
  access: MEMBERS_READ,
  params: idParams,
  success: { status: 200, schema: topic, description: 'The topic' },
  failures: ['not-found'],
});

export const updateTopic = defineRoute({
  id: 'updateTopic',
  module: 'topics',
  method: 'patch',
  path: '/v1/topics/{id}',
  summary: 'Change a topic',
  access: BUILDERS_MANAGE,
  params: idParams,
  body: z.strictObject(topicFields).partial(),
  success: { status: 200, schema: topic, description: 'The topic' },
  failures: ['not-found', 'conflict'],
});

export const deleteTopic = defineRoute({
  id: 'deleteTopic',
  module: 'topics',
  method: 'delete',
  path: '/v1/topics/{id}',
  summary: 'Delete a topic with its subscriptions',
  description:
    'What was not delivered yet ends `cancelled`; the contents of its messages are erased some seconds later, see `GET /v1/erasures`.',
  access: BUILDERS_MANAGE,
  params: idParams,
  success: { status: 204, description: 'Deleted' },
  failures: ['not-found'],
});

export const catalog = defineRoute({
  id: 'catalog',
  module: 'topics',
  method: 'get',
  path: '/v1/catalog',
  summary: 'Listed topics of all partners, with my access',
  access: MEMBERS_READ,
  query: pageQuery.extend({ q: searchText.optional() }),
  success: {
    status: 200,
    schema: pageOf(
      topic
        .pick({ id: true, name: true, description: true, owner: true })
        .extend({ access: z.enum(['owner', 'granted', 'requested', 'none']) }),
    ),
    description: 'A page of the catalogue',
  },
});
