import { type Grant, grantState, type PartnerCaller } from '@anika/core/access';
import { compileWants, wanted } from '@anika/core/audience/rules';
import type { Filter } from '@anika/core/filter';
import { lookForFilter } from '@anika/core/filter-look';
import type { PartnerId, TopicId } from '@anika/core/ids';
import { readSchema } from '@anika/core/json-schema-walk';
import { isNoticeType, NOTICES, noticesTopicOf } from '@anika/core/notice/notice';
import type { Topic } from '@anika/core/topic';
import { lookForTypes } from '@anika/core/type-look';
import type { NewestMessages } from '../grants/newest-messages.ts';
import { type Preview, previewOf } from '../grants/preview.ts';
import { ownerLens, readerLens, type VisibleMessage } from '../messages/readable-messages.ts';
import type { RefuseTopic } from '../topics/refuse-topic.ts';

export type PreviewNeeds = {
  readonly findTopic: (id: TopicId) => Promise<Topic | undefined>;
  readonly findGrant: (topicId: TopicId, partnerId: PartnerId) => Promise<Grant | undefined>;
  readonly newest: NewestMessages;
  readonly refuse: RefuseTopic;
  readonly clock: { now(): number };
};

export type Wished = {
  readonly topicId: TopicId | typeof NOTICES;
  readonly eventTypes: readonly string[];
  readonly filter: Filter | undefined;
};

export type PreviewSubscription = (wished: Wished, by: PartnerCaller) => Promise<Preview<VisibleMessage>>;

/** What a subscription would be sent of the newest messages that its company may read; nothing is written. */
export function createPreviewSubscription(needs: PreviewNeeds): PreviewSubscription {
  return async ({ topicId: asked, eventTypes, filter }, by) => {
    const isOfNotices = asked === NOTICES;
    const topicId = isOfNotices ? noticesTopicOf(by.partnerId) : asked;
    const { topic, grant } = await readable(topicId, by, needs);
    const subscription = { state: 'active', createdAtMs: 0, eventTypes, filter } as const;
    // What is seen has been masked: nothing is left to hide.
    const wants = compileWants(subscription, { isOwner: true, grant: undefined });
    const lens = grant === undefined ? ownerLens() : readerLens(grant, needs.clock);
    return previewOf<VisibleMessage>(needs.newest(topicId, grant), {
      see: lens.see,
      sampleOf: async (_, seen) => (wanted(wants, seen) ? seen : undefined),
      looks: [
        lookForTypes(
          isOfNotices ? eventTypes.filter((type) => !isNoticeType(type)) : eventTypes,
          grant?.types,
        ),
        lookForFilter({ filter, mask: grant?.fields, schema: readSchema(topic.schema) }),
      ],
    });
  };
}

/** Without a grant: its owner's. */
async function readable(
  topicId: TopicId,
  by: PartnerCaller,
  { findTopic, findGrant, refuse, clock }: PreviewNeeds,
): Promise<{ topic: Topic; grant: Grant | undefined }> {
  const topic = await findTopic(topicId);
  if (topic?.owner.id === by.partnerId) return { topic, grant: undefined };
  const grant = topic && (await findGrant(topicId, by.partnerId));
  if (topic === undefined || grant === undefined || grantState(grant, clock.now()) !== 'active') {
    throw await refuse(topicId, by, 'grant');
  }
  return { topic, grant };
}
