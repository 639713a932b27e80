import { describe, expect, it } from 'vitest';
import type { PartnerId } from '../ids.ts';
import { type AuditFacts, noticesFromAudit } from './from-audit.ts';
import { isNoticesTopic, noticeInput, noticesTopicOf } from './notice.ts';

const OWNER = 'par_0000000000000001' as PartnerId;
const READER = 'par_0000000000000002' as PartnerId;
const OTHER = 'par_0000000000000003' as PartnerId;
const TOPIC = 'top_0000000000000009';

const names = {
  topics: new Map([[TOPIC, { name: 'Выбор машины', ownerId: OWNER }]]),
  partners: new Map<string, string>([
    [OWNER, 'АвтоЭкспресс'],
    [READER, 'ЭкспоБанк'],
  ]),
};

const entry = (change: Partial<AuditFacts>): AuditFacts => ({
  hash: 'h1',
  at: '2026-01-01T00:00:00.000Z',
  action: 'grant.given',
  actorId: 'usr_0000000000000001',
  actorPartnerId: OWNER,
  topicId: TOPIC,
  subjectId: 'grt_0000000000000001',
  partnerIds: [OWNER, READER],
  before: undefined,
  after: undefined,
  ...change,
});

describe('noticesFromAudit()', () => {
  it.each([
    ['access.requested', 'anika.access-request.made'],
    ['access.approved', 'anika.access-request.approved'],
    ['access.refused', 'anika.access-request.refused'],
    ['access.withdrawn', 'anika.access-request.withdrawn'],
    ['grant.given', 'anika.grant.given'],
    ['grant.changed', 'anika.grant.changed'],
    ['grant.expiring', 'anika.grant.ending'],
    ['grant.expired', 'anika.grant.ended'],
    ['grant.revoked', 'anika.grant.revoked'],
    ['grant.declined', 'anika.grant.declined'],
    ['message.recalled', 'anika.message.recalled'],
  ])('%s tells both companies %s', (action, type) => {
    const notices = noticesFromAudit(entry({ action }), names);
    expect(notices.map((notice) => [notice.type, notice.partnerId])).toEqual([
      [type, OWNER],
      [type, READER],
    ]);
    expect(new Set(notices.map(noticeInput)).size).toBe(2);
  });

  it.each([
    ['key.created', 'anika.key.made'],
    ['key.revoked', 'anika.key.revoked'],
    ['password-reset.made', 'anika.account.reopened'],
    ['password-reset.used', 'anika.account.reopened'],
    ['second-factor.taken-off', 'anika.account.reopened'],
    ['subscription.disabled', 'anika.subscription.disabled'],
    ['subscription.secret-read', 'anika.secret.read'],
  ])('%s tells the one company it concerns %s', (action, type) => {
    const notices = noticesFromAudit(entry({ action, partnerIds: [READER] }), names);
    expect(notices).toMatchObject([{ type, partnerId: READER }]);
  });

  it.each(['login.succeeded', 'topic.created', 'user.created', 'constructor', '__proto__', 'toString'])(
    '%s tells nobody',
    (action) => {
      expect(noticesFromAudit(entry({ action }), names)).toEqual([]);
    },
  );

  it('names both sides, the end and who did it, and none of the terms', () => {
    const after = {
      expiresAt: '2026-02-01T00:00:00.000Z',
      daysLeft: 7,
      purpose: 'x',
      filter: { text: '{"data.phone":"+7"}' },
    };
    const [toOwner, toReader] = noticesFromAudit(entry({ action: 'grant.expiring', after }), names);
    expect(toOwner?.data).toEqual({
      at: '2026-01-01T00:00:00.000Z',
      byPartnerId: OWNER,
      byId: 'usr_0000000000000001',
      grantId: 'grt_0000000000000001',
      topicId: TOPIC,
      topicName: 'Выбор машины',
      ownerId: OWNER,
      ownerName: 'АвтоЭкспресс',
      readerId: READER,
      readerName: 'ЭкспоБанк',
      expiresAt: '2026-02-01T00:00:00.000Z',
      daysLeft: 7,
    });
    expect(toReader?.data).toMatchObject({ byPartnerId: OWNER, byId: null });
    expect([toOwner?.byUserId, toReader?.byUserId]).toEqual(['usr_0000000000000001', undefined]);
  });

  it('a deleted topic is told to its readers, to each without the others', () => {
    const partnerIds = [OWNER, READER, OTHER];
    const notices = noticesFromAudit(entry({ action: 'topic.deleted', subjectId: TOPIC, partnerIds }), names);
    expect(notices.map(({ type, partnerId }) => [type, partnerId])).toEqual([
      ['anika.grant.ended', READER],
      ['anika.grant.ended', OTHER],
    ]);
    expect(JSON.stringify(notices[0])).not.toContain(OTHER);
    expect(JSON.stringify(notices[1])).not.toContain(READER);
  });

  it('an entry without a topic or a subject, or with another form, is told all the same', () => {
    const odd = entry({ action: 'grant.given', topicId: undefined, subjectId: undefined, after: 7 });
    expect(noticesFromAudit(odd, names)[0]?.data).toMatchObject({ topicId: null, expiresAt: null });
  });
});

it('a company has one topic of notices, and no other company has it', () => {
  expect(isNoticesTopic(noticesTopicOf(READER), READER)).toBe(true);
  expect(isNoticesTopic(noticesTopicOf(READER), OWNER)).toBe(false);
});
