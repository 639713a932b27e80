import { type Grant, grantState, type PartnerCaller } from '@anika/core/access';
import type { Change } from '@anika/core/change';
import type { NotSent } from '@anika/core/delivery/attempt-result';
import { Failure, invalid } from '@anika/core/failures';
import type { IdMaker, PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import { NOTICES } from '@anika/core/notice/notice';
import { secretContext } from '@anika/core/secret-context';
import type { DeliveryType, Subscription } from '@anika/core/subscription';
import { inGrace } from '@anika/core/subscription/signing-secrets';
import { stateReason } from '@anika/core/subscription/state-reasons';
import { headersAfter, replaceHeaders } from '@anika/core/subscription/stored-headers';
import { type SubscriptionInput, transition } from '@anika/core/subscription/transition';
import type { Topic } from '@anika/core/topic';
import type { Tried } from '@anika/destinations/destination';
import type { WebhookDestination } from '@anika/destinations/webhook/webhook';
import type { Moved, SubscriptionStore } from '@anika/stores/postgres/subscriptions';
import type { PageRequest } from '../http/page.ts';
import { existing } from '../http/path-id.ts';
import type { RefuseTopic } from '../topics/refuse-topic.ts';
import {
  checkFitsDelivery,
  checkSignedForm,
  checkStartFrom,
  requireEndpoint,
  type SubscriptionFields,
} from './subscription-input.ts';

export type SubscriptionNeeds = {
  readonly store: SubscriptionStore;
  /** Subscriptions of one partner on one topic. */
  readonly maxOnTopic: number;
  readonly findTopic: (id: TopicId) => Promise<Topic | undefined>;
  readonly findGrant: (topicId: TopicId, partnerId: PartnerId) => Promise<Grant | undefined>;
  readonly ensureNoticesTopic: (partnerId: PartnerId) => Promise<TopicId>;
  readonly endpoints: WebhookDestination;
  /** Of an event that is no message. */
  readonly newEventId: () => string;
  /** Rejects with `rate-limited` when a challenge may not be sent now. */
  readonly admitChallenge: (url: string, partnerId: PartnerId) => Promise<void>;
  readonly newSecret: () => string;
  readonly secretBox: { seal(plain: string, context: string): string };
  /** Held deliveries go out in their order. */
  readonly releaseHeld: (subscription: Subscription) => Promise<void>;
  readonly cancelWaiting: (topicId: TopicId) => Promise<void>;
  readonly refuse: RefuseTopic;
  readonly announce: (change: Change) => void;
  readonly newId: IdMaker;
  readonly clock: { now(): number };
};

const DEFAULTS = {
  eventTypes: [],
  filter: undefined,
  headers: undefined,
  timeoutMs: 15_000,
  maxConcurrency: 128,
  rateLimitPerSecond: undefined,
  description: undefined,
  signature: 'hmac',
  format: 'anika',
} as const;

const TEST_EVENT = 'anika.endpoint.test';

/** For the audit log. */
const ACTION_OF = {
  answered: 'subscription.verified',
  unanswered: 'subscription.unverified',
  pause: 'subscription.paused',
  resume: 'subscription.resumed',
  move: 'subscription.updated',
  disable: 'subscription.disabled',
} as const satisfies Record<SubscriptionInput['kind'], string>;

function refused(what: string, { state }: Subscription, { must }: { readonly must: string }): Failure {
  return new Failure('conflict', `Cannot ${what}: the subscription is ${state}, it must be ${must}`);
}

/** `verify` false: its challenge is not sent now, and nothing else is before it was. */
type NewFields = Partial<SubscriptionFields> & {
  readonly delivery: DeliveryType;
  readonly secret?: string | undefined;
  readonly verify?: boolean | undefined;
  /** What was published since is sent as well. */
  readonly startFromMs?: number | undefined;
};

export type Subscriptions = ReturnType<typeof createSubscriptions>;

/** A reader's endpoints: their life from the challenge to the end. */
export function createSubscriptions(needs: SubscriptionNeeds) {
  const { store, clock } = needs;
  const changeBy = (by: PartnerCaller) => ({ by, atMs: clock.now(), partnerId: by.partnerId });
  const context = secretContext.subscription;

  function announce(subscription: Subscription): void {
    needs.announce({ kind: 'topic', id: subscription.topicId });
    needs.announce({ kind: 'subscription', id: subscription.id });
  }

  async function readableTopic(topicId: TopicId, by: PartnerCaller): Promise<Topic> {
    const topic = await needs.findTopic(topicId);
    if (topic?.owner.id === by.partnerId) return topic;
    const grant = await needs.findGrant(topicId, by.partnerId);
    const isLetIn = grant !== undefined && grantState(grant, clock.now()) === 'active';
    if (topic !== undefined && isLetIn) return topic;
    throw await needs.refuse(topicId, by, 'grant');
  }

  async function own(id: SubscriptionId, by: PartnerCaller): Promise<Subscription> {
    return existing(await store.find(id, by.partnerId), 'sub');
  }

  const sealHeader = (id: SubscriptionId) => (value: string, name: string) =>
    needs.secretBox.seal(value, secretContext.subscriptionHeader(id, name));

  /** Its endpoint, and whom events from here on are about. */
  async function endpointOf(subscription: Subscription, by: PartnerCaller) {
    const topic = await readableTopic(subscription.topicId, by);
    const secrets = existing(await store.secrets(subscription.id, by.partnerId), 'sub');
    const { present, earlier } = inGrace(secrets, clock.now());
    const sealedSecrets = [present, ...earlier.map(({ sealed }) => sealed)];
    return {
      target: needs.endpoints.prepare({ subscription, sealedSecrets }),
      about: {
        topic: { id: topic.id, name: topic.name },
        publisher: { id: topic.owner.id, name: topic.owner.name },
      },
    };
  }

  /** What follows from it, decided while nobody else can change the subscription; what is active again goes on. */
  async function move(id: SubscriptionId, input: SubscriptionInput, by: PartnerCaller): Promise<Moved> {
    const change = { ...changeBy(by), action: ACTION_OF[input.kind], replayId: needs.newId('rpl') };
    const moved = existing(await store.move(id, (before) => transition(before, input), change), 'sub');
    if (moved.transition.kind !== 'to') return moved;
    announce(moved.after);
    if (moved.after.state === 'active') await needs.releaseHeld(moved.after);
    return moved;
  }

  /** The endpoint answers its challenge, or the subscription is pending with the reason why it did not. */
  async function verify(
    subscription: Subscription,
    by: PartnerCaller,
    during: 'verify' | 'resume' = 'verify',
  ): Promise<Subscription> {
    const { id, url } = subscription;
    const { target, about } = await endpointOf(subscription, by);
    const result = await needs.endpoints.verify(target, about);
    const input: SubscriptionInput = result.ok
      ? { kind: 'answered', url, during }
      : { kind: 'unanswered', url, reason: result.reason, during };
    return (await move(id, input, by)).after;
  }

  return {
    /** `notices`: of what ANIKA tells the own company. */
    async create(
      wanted: TopicId | typeof NOTICES,
      fields: NewFields,
      by: PartnerCaller,
    ): Promise<{ subscription: Subscription; secret: string }> {
      const topicId = wanted === NOTICES ? await needs.ensureNoticesTopic(by.partnerId) : wanted;
      await readableTopic(topicId, by);
      checkSignedForm({ ...DEFAULTS, ...fields });
      checkStartFrom(fields.startFromMs, clock.now());
      checkFitsDelivery(fields.delivery, fields);
      const { secret = needs.newSecret(), url = '', verify: isAsked = true, ...settings } = fields;
      const pulls = fields.delivery === 'pull';
      if (!pulls && url === '') throw invalid('url', 'must be given, or delivery {"type":"pull"}');
      if (!pulls && isAsked) await needs.admitChallenge(url, by.partnerId);
      const id = needs.newId('sub');
      const sealedSecret = needs.secretBox.seal(secret, context(id));
      const created = await store.create(
        {
          ...DEFAULTS,
          ...settings,
          url,
          headers: fields.headers && replaceHeaders({}, fields.headers, sealHeader(id)),
          id,
          partnerId: by.partnerId,
          topicId,
          sealedSecret,
          stateReason: isAsked || pulls ? undefined : stateReason('not-asked-yet'),
        },
        { by, atMs: clock.now(), max: needs.maxOnTopic, replayId: needs.newId('rpl') },
      );
      const subscription = existing(created, 'top');
      // From now on messages are held for it, or there to be pulled, before anybody is asked anything.
      announce(subscription);
      return { subscription: isAsked && !pulls ? await verify(subscription, by) : subscription, secret };
    },

    get: own,

    list: (by: PartnerCaller, list: PageRequest & { topicId: TopicId | undefined }) =>
      store.list(by.partnerId, list),

    async update(
      id: SubscriptionId,
      patch: Partial<SubscriptionFields>,
      by: PartnerCaller,
    ): Promise<Subscription> {
      const before = await own(id, by);
      checkFitsDelivery(before.delivery, patch);
      const newUrl = patch.url === before.url ? undefined : patch.url;
      const patchOf = (present: Subscription) => {
        checkSignedForm({ ...present, ...patch });
        return { ...patch, headers: headersAfter(present, patch, sealHeader(id)) };
      };
      patchOf(before); // what is refused costs no challenge
      if (newUrl !== undefined) await needs.admitChallenge(newUrl, by.partnerId);
      const after = existing(await store.update(id, patchOf, changeBy(by)), 'sub');
      announce(after);
      return newUrl === undefined ? after : verify(after, by);
    },

    async remove(id: SubscriptionId, by: PartnerCaller): Promise<void> {
      const removed = existing(await store.remove(id, changeBy(by)), 'sub');
      announce(removed);
      await needs.cancelWaiting(removed.topicId);
    },

    async verify(id: SubscriptionId, by: PartnerCaller): Promise<Subscription> {
      const subscription = await own(id, by);
      requireEndpoint(subscription, 'verify');
      await needs.admitChallenge(subscription.url, by.partnerId);
      return verify(subscription, by);
    },

    async pause(id: SubscriptionId, by: PartnerCaller): Promise<Subscription> {
      const { before, after, transition } = await move(id, { kind: 'pause' }, by);
      if (transition.kind === 'refused') throw refused('pause', before, transition);
      return after;
    },

    /** An address that was changed meanwhile answers its challenge first. */
    async resume(id: SubscriptionId, by: PartnerCaller): Promise<Subscription> {
      const { before, after, transition } = await move(id, { kind: 'resume' }, by);
      if (transition.kind === 'refused') throw refused('resume', before, transition);
      if (transition.kind !== 'challenge-first') return after;
      await needs.admitChallenge(before.url, by.partnerId);
      return verify(before, by, 'resume');
    },

    /** One signed event, now, whatever the state of a verified endpoint; nothing follows from its outcome. */
    async test(id: SubscriptionId, by: PartnerCaller): Promise<Tried | NotSent> {
      const subscription = await own(id, by);
      requireEndpoint(subscription, 'send a test event');
      if (!subscription.endpointVerified) {
        throw new Failure(
          'conflict',
          'Cannot send a test event: the endpoint has not answered its challenge yet, verify it first',
        );
      }
      const { target, about } = await endpointOf(subscription, by);
      const dataText = JSON.stringify({ test: true });
      const event = { id: needs.newEventId(), type: TEST_EVENT, timestampMs: clock.now(), dataText };
      return needs.endpoints.send({ ...event, ...about }, target);
    },
  };
}
