import { randomBytes } from 'node:crypto';
import type { Caller } from '@anika/core/access';
import {
  type IdPrefix,
  newId,
  type PartnerId,
  type SubscriptionId,
  type TopicId,
  type UserId,
} from '@anika/core/ids';
import type { MemberRole } from '@anika/core/invitation';
import { createTestDatabases } from '@anika/testkit/databases';
import { createAcceptInvitation } from './accept-invitation.ts';
import { connectPostgres } from './client.ts';
import { createInvitationStore } from './invitations.ts';
import { createPartnerStore } from './partners.ts';
import { createSessionStore } from './sessions.ts';
import { createSubscriptionStore } from './subscriptions.ts';
import { createTopicStore } from './topics.ts';

export const NOW_MS = Date.UTC(2026, 0, 1);
export const SUBSCRIPTION_URL = 'https://bank.example/hook?token=hidden';
export const DAY_MS = 86_400_000;

const operator: Caller = {
  kind: 'user',
  userId: id('usr'),
  partnerId: undefined,
  role: 'operator',
  email: 'operator@anika.example',
  remoteAddress: '192.0.2.1',
};

export function id<P extends IdPrefix>(prefix: P) {
  return newId(prefix, NOW_MS, randomBytes(16));
}

/** A change by the broker's operator. */
export function change(atMs: number = NOW_MS) {
  return { by: operator, atMs };
}

/** A database for one test file, with makers of what most tests begin with. */
export async function openTestStores() {
  const databases = await createTestDatabases();
  const postgres = connectPostgres({ url: databases.databaseUrl });
  const partners = createPartnerStore(postgres);
  const topics = createTopicStore(postgres);
  const subscriptions = createSubscriptionStore(postgres);
  const sessions = createSessionStore(postgres);
  const invitations = createInvitationStore(postgres);
  const acceptInvitation = createAcceptInvitation(postgres);

  return {
    postgres,
    partners,
    topics,
    subscriptions,
    sessions,
    invitations,
    acceptInvitation,
    async partner(name = 'ЭкспоБанк') {
      const admin = { id: id('usr'), email: `${id('usr')}@partner.example`, passwordHash: 'hash' };
      return partners.create({ id: id('par'), name, admin }, change());
    },
    /** Through an invitation, as every user but the first. */
    async user(partnerId: PartnerId, role: MemberRole, email: string = `${id('usr')}@partner.example`) {
      const tokenHash = id('key');
      const invitation = { id: id('inv'), partnerId, companyName: undefined, email, role, tokenHash };
      const more = { byOperator: true, createdBy: operator.userId, expiresAtMs: NOW_MS + DAY_MS };
      await invitations.create({ ...invitation, ...more }, { ...change(), max: 1000 });
      const ids = { user: id('usr'), partner: id('par') };
      const taken = { tokenHash, name: 'Анна', passwordHash: 'hash', ids, atMs: NOW_MS };
      return (await acceptInvitation({ ...taken, remoteAddress: '192.0.2.1' }))?.userId;
    },
    /** With the credentials the user has now. */
    async session(userId: UserId) {
      const sessionId = id('ses');
      const hash = id('key');
      const { credentialsVersion } = await postgres.db.user.findUniqueOrThrow({ where: { id: userId } });
      const expiresAtMs = NOW_MS + DAY_MS;
      const opened = await sessions.open({
        id: sessionId,
        userId,
        credentialsVersion,
        remoteAddress: '192.0.2.1',
        createdAtMs: NOW_MS,
        expiresAtMs,
        refreshToken: { hash, expiresAtMs },
      });
      return { sessionId, hash, opened };
    },
    async topic(ownerId: PartnerId, visibility: 'private' | 'listed' = 'listed') {
      const topicId = id('top');
      return topics.create(
        {
          id: topicId,
          ownerId,
          name: `Выбор машины ${topicId}`,
          description: undefined,
          visibility,
          retentionDays: 30,
          schema: undefined,
        },
        change(),
      );
    },
    async subscription(
      partnerId: PartnerId,
      topicId: TopicId,
      more: { startFromMs?: number; delivery?: 'webhook' | 'pull'; url?: string } = {},
    ): Promise<SubscriptionId> {
      const subscriptionId = id('sub');
      await subscriptions.create(
        {
          id: subscriptionId,
          partnerId,
          topicId,
          delivery: 'webhook',
          url: SUBSCRIPTION_URL,
          eventTypes: ['car.chosen'],
          filter: undefined,
          headers: { 'X-Api-Key': { plain: 'header-secret' } },
          timeoutMs: 15_000,
          maxConcurrency: 32,
          rateLimitPerSecond: undefined,
          description: undefined,
          signature: 'hmac',
          format: 'anika',
          sealedSecret: 'sealed-1',
          ...more,
        },
        { ...change(), replayId: id('rpl') },
      );
      return subscriptionId;
    },
    async routingVersion(topicId: TopicId): Promise<number> {
      const row = await postgres.db.topic.findUniqueOrThrow({ where: { id: topicId } });
      return row.routingVersion;
    },
    async close() {
      await postgres.close();
      await databases.drop();
    },
  };
}

export type TestStores = Awaited<ReturnType<typeof openTestStores>>;
