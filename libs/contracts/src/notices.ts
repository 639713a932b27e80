import { MAIL_LANGUAGES, MAIL_RHYTHMS } from '@anika/core/notice/mail-settings';
import { NOTICE_TYPES } from '@anika/core/notice/notice';
import { z } from 'zod';
import { idParams, jsonObject, pageOf, pageQuery, timeRange } from './common.ts';
import { type Access, defineRoute, MEMBERS_READ } from './route.ts';

/** Oneself, and admins for the others of their company. */
const MEMBERS: Access = { roles: ['admin', 'developer', 'viewer'], scope: 'none' };

export const notice = z
  .object({
    id: z.string().describe('The webhook-id, where a subscription gets it'),
    type: z.enum(NOTICE_TYPES),
    acceptedAt: z.string().describe('When it was given; `data.at` is when it happened'),
    data: jsonObject.describe('By type, see the documentation; never the content of a message'),
  })
  .meta({ id: 'Notice' });

export const listNotices = defineRoute({
  id: 'listNotices',
  module: 'messages',
  method: 'get',
  path: '/v1/notices',
  summary: 'What ANIKA has told the own company',
  description:
    'Newest first, kept for 90 days. A subscription with `topicId: "notices"` gets them as they come, signed and repeated as messages are.',
  access: MEMBERS_READ,
  query: pageQuery.extend({ type: z.enum(NOTICE_TYPES).optional(), ...timeRange }),
  example: { query: { type: 'anika.grant.ending' } },
  success: { status: 200, schema: pageOf(notice), description: 'A page of notices' },
});

export const noticeSettings = z
  .object({
    email: z.enum(MAIL_RHYTHMS),
    types: z.array(z.enum(NOTICE_TYPES)),
    language: z.enum(MAIL_LANGUAGES).nullable().describe('Null: both'),
  })
  .meta({ id: 'NoticeSettings' });

const SETTINGS =
  'An admin gets `each` e-mail about access requests, grants that will end and disabled subscriptions until they say otherwise; other roles get none. Nobody is mailed what they have done themselves.';

export const getNoticeSettings = defineRoute({
  id: 'getNoticeSettings',
  module: 'auth',
  method: 'get',
  path: '/v1/users/{id}/notice-settings',
  summary: 'Which notices a user gets by e-mail: oneself, or an admin for the own company',
  description: SETTINGS,
  access: MEMBERS,
  params: idParams,
  success: { status: 200, schema: noticeSettings, description: 'The settings' },
  failures: ['not-found'],
});

export const updateNoticeSettings = defineRoute({
  id: 'updateNoticeSettings',
  module: 'auth',
  method: 'patch',
  path: '/v1/users/{id}/notice-settings',
  summary: 'Say which notices a user gets by e-mail, and how often',
  description: `${SETTINGS} At most one mail in five minutes to a user: what comes meanwhile goes together, and beyond 50 notices a mail says only how many more there are. \`daily\` mails go out at 06:00 UTC. The users of a company get at most 200 mails an hour together. Only where the installation sends e-mails.`,
  access: MEMBERS,
  params: idParams,
  body: z.strictObject({
    email: z.enum(MAIL_RHYTHMS).nullable().optional().describe('Null: as the role has it'),
    types: z
      .array(z.enum(NOTICE_TYPES))
      .max(NOTICE_TYPES.length)
      .nullable()
      .optional()
      .describe('Takes the place of all types; null: as everybody has them'),
    language: z.enum(MAIL_LANGUAGES).nullable().optional().describe('Null: both'),
  }),
  example: { body: { email: 'daily', types: ['anika.grant.ending', 'anika.delivery.dead'], language: 'ru' } },
  success: { status: 200, schema: noticeSettings, description: 'The settings' },
  failures: ['not-found'],
});
