import type { IdPrefix } from '@anika/core/ids';
import type { Company } from './company.ts';
import { PLACES } from './places.ts';
import { type Asked, ask, difference, MEMBERS, type Stage, type StatefulRow } from './stage.ts';

const IDS: readonly (readonly [IdPrefix, string, (company: Company) => string])[] = [
  ['top', 'topic', ({ canary }) => canary.topicId],
  ['sub', 'subscription', ({ canary }) => canary.subscriptionId],
  ['msg', 'message', ({ canary }) => canary.messageId],
  ['dlv', 'delivery', ({ canary }) => canary.deliveryId],
  ['usr', 'user', ({ canary }) => canary.userId],
  ['key', 'API key', ({ canary }) => canary.keyId],
  ['req', 'access request', ({ canary }) => canary.accessRequestId],
  ['inv', 'invitation', ({ canary }) => canary.invitationId],
  ['rpl', 'replay', ({ canary }) => canary.replayId],
  ['ses', 'session', ({ canary }) => canary.sessionId],
  ['grt', 'grant', ({ canary }) => canary.grantId],
  ['era', 'erasure', ({ canary }) => canary.erasureId],
  ['par', 'company', ({ id }) => id],
];

/** That a company exists is in the directory: a grant to it, or a look at what it would see, is refused to nobody. */
const PUBLIC = [
  'PUT /v1/topics/{id}/grants/{partnerId} (partnerId)',
  'POST /v1/topics/{id}/grants/{partnerId}/preview (partnerId)',
  'GET /v1/messages/{id}/explain?partnerId=',
];

/** An id of another company: wherever it is named, the answer is that of an id that nobody has. */
export const FOREIGN_ROWS: readonly StatefulRow[] = IDS.map(([prefix, kind, pick]) => ({
  title: `the ${kind} of another company, wherever its id is named, is not there`,
  async check(stage) {
    const findings: string[] = [];
    for (const place of PLACES.filter((one) => one.prefix === prefix && !PUBLIC.includes(one.title))) {
      for (const member of MEMBERS) {
        const asked = { place, id: pick(stage.victim), token: stage.intruder.tokens[member] };
        const told = await difference(stage, asked);
        if (told !== undefined) findings.push(`${member}: ${told}`);
        findings.push(...(await notRefused(stage, asked)).map((text) => `${member}: ${text}`));
      }
    }
    return findings;
  },
}));

/** In a path it is 404, or 403 for those who may not call the route at all; anything else would hide the comparison. */
async function notRefused(stage: Stage, asked: Asked): Promise<string[]> {
  if (asked.place.where !== 'path') return [];
  const { status } = await ask(stage, asked);
  return status === 404 || status === 403 ? [] : [`${asked.place.title} answers ${status}`];
}
