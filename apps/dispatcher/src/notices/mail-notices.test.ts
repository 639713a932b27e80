import type { MessageId, PartnerId, UserId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { defaultMailSettings } from '@anika/core/notice/mail-settings';
import type { Mail } from '@anika/mail/mailer';
import { createLogger } from '@anika/runtime/logger';
import type { DueMail } from '@anika/stores/postgres/notice-mails';
import { expect, it } from 'vitest';
import { createMailNotices } from './mail-notices.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const ID = 'msg_00000000000000000000000001' as MessageId;

const due = (change: Partial<DueMail> = {}): DueMail => ({
  userId: 'usr_0000000000000001' as UserId,
  partnerId: 'par_0000000000000001' as PartnerId,
  email: 'anna@bank.example',
  settings: { ...defaultMailSettings('admin'), language: 'en' },
  companyActive: true,
  notices: [ID],
  more: 0,
  tries: 0,
  ...change,
});

type Send = (mail: Mail) => Promise<'sent' | 'refused'>;

async function run(mail: DueMail, send: Send, { kept = true, may = true } = {}) {
  const queue = [mail];
  const done: string[] = [];
  const message = {
    type: 'anika.grant.ending',
    dataText: JSON.stringify({ at: '2026-01-01T00:00:00.000Z', topicName: 'T', readerName: 'R' }),
  } as Message;
  const mailNotices = createMailNotices({
    store: {
      claimDue: async () => queue.splice(0),
      settle: async (_mail, { nextMs }) => void done.push(`settled, next after ${nextMs - NOW_MS}`),
      postpone: async (_mail, { atMs, tries }) =>
        void done.push(`postponed by ${atMs - NOW_MS}, tries ${tries}`),
    },
    findMessages: async () => new Map(kept ? [[ID, message]] : []),
    send,
    mayMail: async () => may,
    logger: createLogger({ name: 'test', level: 'silent' }),
    clock: { now: () => NOW_MS },
  });
  await mailNotices(new AbortController().signal);
  return done;
}

const away = async () => {
  throw new Error('ECONNREFUSED');
};

it('a mail that is due is sent once and settled', async () => {
  const sent: Mail[] = [];
  const done = await run(due(), async (mail) => {
    sent.push(mail);
    return 'sent';
  });
  expect(sent).toMatchObject([{ to: 'anna@bank.example', subject: 'ANIKA: notices: 1' }]);
  expect(done).toEqual(['settled, next after 300000']);
});

it.each([
  ['is tried again while the server is away', due(), away, ['postponed by 10000, tries 1']],
  ['is given up in the end', due({ tries: 40 }), away, ['settled, next after 300000']],
  [
    'is not tried again where its address is refused for good',
    due(),
    async () => 'refused' as const,
    ['settled, next after 300000'],
  ],
])('a mail %s', async (_, mail, send, outcome) => {
  expect(await run(mail, send)).toEqual(outcome);
});

it.each([
  ['who wants none any more', due({ settings: { ...defaultMailSettings('admin'), email: 'none' } }), true],
  ['a company that is suspended', due({ companyActive: false }), true],
  ['notices that are no longer kept', due(), false],
])('nothing is sent to %s', async (_, mail, kept) => {
  const done = await run(mail, () => Promise.reject(new Error('was sent')), { kept });
  expect(done).toEqual(['settled, next after 300000']);
});

it('a company that is mailed too much waits, and no try is used up by it', async () => {
  const done = await run(due({ tries: 3 }), () => Promise.reject(new Error('was sent')), { may: false });
  expect(done).toEqual(['postponed by 600000, tries 3']);
});
