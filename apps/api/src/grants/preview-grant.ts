import type { Grant, PartnerCaller } from '@anika/core/access';
import type { IdMaker, PartnerId, TopicId } from '@anika/core/ids';
import type { Topic } from '@anika/core/topic';
import { ownerLens, readerLens, type VisibleMessage } from '../messages/readable-messages.ts';
import type { RefuseTopic } from '../topics/refuse-topic.ts';
import type { GrantTerms } from './grant-terms.ts';
import { lookForPaths, type MaskWarning } from './mask-warnings.ts';
import type { NewestMessages } from './newest-messages.ts';

export type PreviewNeeds = {
  readonly findTopic: (id: TopicId) => Promise<Topic | undefined>;
  readonly newest: NewestMessages;
  readonly refuse: RefuseTopic;
  readonly newId: IdMaker;
  readonly clock: { now(): number };
};

export type Sample = { readonly before: VisibleMessage; readonly after: VisibleMessage };
export type Preview = {
  readonly considered: number;
  readonly matching: number;
  readonly samples: readonly Sample[];
  readonly warnings: readonly MaskWarning[];
};

const MAX_SAMPLES = 3;

export type PreviewGrant = (
  place: { readonly topicId: TopicId; readonly readerId: PartnerId },
  terms: GrantTerms,
  by: PartnerCaller,
) => Promise<Preview>;

/** What a grant on these terms would show of the newest messages; nothing is written. */
export function createPreviewGrant(needs: PreviewNeeds): PreviewGrant {
  return async ({ topicId, readerId }, terms, by) => {
    const topic = await needs.findTopic(topicId);
    if (topic?.owner.id !== by.partnerId) throw await needs.refuse(topicId, by, 'ownership');
    const grant = grantOf(terms, { topicId, readerId, id: needs.newId('grt'), nowMs: needs.clock.now() });
    const lenses = { owner: ownerLens(), reader: readerLens(grant, needs.clock) };
    const look = lookForPaths(terms.fields, topic.schema);
    const samples: Sample[] = [];
    let [considered, matching] = [0, 0];
    for await (const message of needs.newest(topicId)) {
      considered += 1;
      const before = lenses.owner.see(message);
      look.look(before?.data);
      const after = lenses.reader.see(message);
      if (before === undefined || after === undefined) continue;
      matching += 1;
      if (samples.length < MAX_SAMPLES) samples.push({ before, after });
    }
    return { considered, matching, samples, warnings: look.warnings(considered) };
  };
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
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}
