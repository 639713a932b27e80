import type { Caller, Grant, PartnerCaller } from '@anika/core/access';
import { Failure, invalid, notFound } from '@anika/core/failures';
import { isId, type PartnerId, type SubscriptionId, type TopicId } from '@anika/core/ids';
import { sidesOf, type Target } from '@anika/core/route';
import {
  type FiguresAt,
  floorTo,
  KEPT_MS,
  RANGE_MAX_MS,
  STEP_MS,
  type StatColumns,
  type StatScope,
  type Step,
  toColumns,
} from '@anika/core/stats/figures';
import type { Topic } from '@anika/core/topic';
import { partnerCaller } from '../http/check-access.ts';
import type { RefuseTopic } from '../topics/refuse-topic.ts';

export type StatsQuery = {
  readonly scope: StatScope['kind'];
  readonly id: string | undefined;
  readonly partnerId: PartnerId | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  readonly step: Step;
};

export type ReadStatsNeeds = {
  readonly findTopic: (id: TopicId) => Promise<Topic | undefined>;
  readonly findGrant: (topicId: TopicId, partnerId: PartnerId) => Promise<Grant | undefined>;
  readonly loadTarget: (id: SubscriptionId) => Promise<Target | undefined>;
  readonly read: (
    scope: StatScope,
    span: { fromMs: number; toMs: number },
    step: Step,
  ) => Promise<readonly FiguresAt[]>;
  readonly refuse: RefuseTopic;
  readonly clock: { now(): number };
};

const DAY_MS = STEP_MS.day;

/** Figures of one scope, for who is a side of it. */
export function createReadStats(needs: ReadStatsNeeds) {
  async function topicOf(id: string | undefined): Promise<Topic> {
    const topic = isId('top', id ?? '') ? await needs.findTopic(id as TopicId) : undefined;
    if (topic === undefined) throw notFound('topic');
    return topic;
  }

  async function pairOf({ id, partnerId }: StatsQuery, by: PartnerCaller): Promise<StatScope> {
    const topic = await topicOf(id);
    const topicId = topic.id;
    if (topic.owner.id === by.partnerId) {
      if (partnerId === undefined) throw invalid('partnerId', 'is needed: which reader of the topic');
      return { kind: 'pair', topicId, partnerId };
    }
    // Whoever was let in once has the figures of that time.
    if ((await needs.findGrant(topicId, by.partnerId)) === undefined) {
      throw await needs.refuse(topicId, by, 'grant');
    }
    if (partnerId !== undefined && partnerId !== by.partnerId) {
      throw new Failure(
        'forbidden',
        'A reader sees the figures between itself and the owner; leave out partnerId',
      );
    }
    return { kind: 'pair', topicId, partnerId: by.partnerId };
  }

  async function scopeOf(query: StatsQuery, caller: Caller): Promise<StatScope> {
    if (query.scope === 'installation') {
      if (caller.role === 'operator') return { kind: 'installation' };
      throw new Failure('forbidden', 'Figures of the installation are for operators');
    }
    const by = partnerCaller(caller);
    if (query.scope === 'pair') return pairOf(query, by);
    if (query.scope === 'topic') {
      const topic = await topicOf(query.id);
      if (topic.owner.id !== by.partnerId) throw await needs.refuse(topic.id, by, 'ownership');
      return { kind: 'topic', topicId: topic.id };
    }
    const { id: subscriptionId = '' } = query;
    if (!isId('sub', subscriptionId)) throw notFound('subscription');
    const target = await needs.loadTarget(subscriptionId);
    if (target === undefined || !sidesOf(target).includes(by.partnerId)) throw notFound('subscription');
    return { kind: 'subscription', subscriptionId };
  }

  return async (query: StatsQuery, caller: Caller): Promise<StatColumns> => {
    checkQuery(query, needs.clock.now());
    const scope = await scopeOf(query, caller);
    const { step, toMs } = query;
    const fromMs = floorTo(step, query.fromMs);
    return toColumns(await needs.read(scope, { fromMs, toMs }, step), { fromMs, toMs, step });
  };
}

function checkQuery({ scope, id, partnerId, fromMs, toMs, step }: StatsQuery, nowMs: number): void {
  if (scope === 'installation' && id !== undefined)
    throw invalid('id', 'has no meaning for the installation');
  if (scope !== 'installation' && id === undefined) throw invalid('id', `is needed for the scope ${scope}`);
  if (scope !== 'pair' && partnerId !== undefined) throw invalid('partnerId', 'is for the scope pair alone');
  if (toMs <= fromMs) throw invalid('to', 'must lie after from');
  const maxMs = RANGE_MAX_MS[step];
  if (toMs - fromMs > maxMs) {
    throw invalid('to', `must lie at most ${maxMs / DAY_MS} days after from with the step ${step}`);
  }
  if (fromMs < nowMs - KEPT_MS[step] - STEP_MS[step]) {
    throw invalid('from', `lies before what is kept with the step ${step}: ${KEPT_MS[step] / DAY_MS} days`);
  }
}
