import type { Grant, PartnerCaller } from '@anika/core/access';
import { lookForFilter } from '@anika/core/filter-look';
import type { IdMaker, PartnerId, TopicId } from '@anika/core/ids';
import { readSchema } from '@anika/core/json-schema-walk';
import type { Topic } from '@anika/core/topic';
import { lookForTypes } from '@anika/core/type-look';
import { ownerLens, readerLens, type VisibleMessage } from '../messages/readable-messages.ts';
import type { RefuseTopic } from '../topics/refuse-topic.ts';
import type { GrantTerms } from './grant-terms.ts';
import { lookForPaths } from './mask-warnings.ts';
import type { NewestMessages } from './newest-messages.ts';
import { type Look, type Preview, previewOf } from './preview.ts';

export type PreviewNeeds = {
  readonly findTopic: (id: TopicId) => Promise<Topic | undefined>;
  readonly newest: NewestMessages;
  readonly refuse: RefuseTopic;
  readonly newId: IdMaker;
  readonly clock: { now(): number };
};

export type Sample = { readonly before: VisibleMessage; readonly after: VisibleMessage };

export type PreviewGrant = (
  place: { readonly topicId: TopicId; readonly readerId: PartnerId },
  terms: GrantTerms,
  by: PartnerCaller,
) => Promise<Preview<Sample>>;

/** What a grant on these terms would show of the newest messages; nothing is written. */
export function createPreviewGrant(needs: PreviewNeeds): PreviewGrant {
  return async ({ topicId, readerId }, terms, by) => {
    const topic = await needs.findTopic(topicId);
    if (topic?.owner.id !== by.partnerId) throw await needs.refuse(topicId, by, 'ownership');
    const grant = grantOf(terms, { topicId, readerId, id: needs.newId('grt'), nowMs: needs.clock.now() });
    const reader = readerLens(grant, needs.clock);
    return previewOf<Sample>(needs.newest(topicId, undefined), {
      see: ownerLens().see,
      async sampleOf(message, before, turn) {
        const after = await reader.see(message, turn);
        return after && { before, after };
      },
      looks: looksOf(terms, topic),
    });
  };
}

/** For paths and types that lead nowhere. */
function looksOf(terms: GrantTerms, topic: Topic): Look[] {
  const { look, warnings } = lookForPaths(terms.fields, topic.schema);
  return [
    { look: ({ data }) => look(data), warnings },
    lookForFilter({ filter: terms.filter, schema: readSchema(topic.schema) }),
    lookForTypes(terms.types),
  ];
}

type Made = { readonly topicId: TopicId; readonly readerId: PartnerId; id: Grant['id']; nowMs: number };

/** As if it had been in force all the time: `history` would hide every message there is. */
function grantOf(terms: GrantTerms, { topicId, readerId, id, nowMs }: Made): Grant {
  return {
    ...terms,
    id,
    topicId,
    partnerId: readerId,
    version: 1,
    history: true,
    validFromMs: nowMs,
    revokedAtMs: undefined,
    revokedBy: undefined,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}
