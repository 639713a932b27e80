import type { Role } from '../access.ts';
import type { UserId } from '../ids.ts';
import type { Notice, NoticeType } from './notice.ts';

/** `each`: soon after it happened, several together when they come fast; `daily`: once a day. */
export const MAIL_RHYTHMS = ['none', 'each', 'daily'] as const;
export type MailRhythm = (typeof MAIL_RHYTHMS)[number];
export const MAIL_LANGUAGES = ['ru', 'en'] as const;
export type MailLanguage = (typeof MAIL_LANGUAGES)[number];

/** Which notices a user gets by e-mail, and how often. */
export type MailSettings = {
  readonly email: MailRhythm;
  readonly types: readonly NoticeType[];
  /** Undefined: both. */
  readonly language: MailLanguage | undefined;
};

/** What somebody has to do something about. */
const DEFAULT_TYPES: readonly NoticeType[] = [
  'anika.access-request.made',
  'anika.grant.ending',
  'anika.subscription.disabled',
];

/** Of who has said nothing. */
export function defaultMailSettings(role: Role): MailSettings {
  return { email: role === 'admin' ? 'each' : 'none', types: DEFAULT_TYPES, language: undefined };
}

/** Nobody is told by e-mail what they have just done. */
export function isMailed(
  settings: MailSettings,
  userId: UserId,
  { type, byUserId }: Pick<Notice, 'type' | 'byUserId'>,
): boolean {
  return settings.email !== 'none' && byUserId !== userId && settings.types.includes(type);
}

/** Between two mails to one user; what comes meanwhile goes together. */
export const MAIL_EVERY_MS = 5 * 60_000;
/** Notices that one mail lists; of more it says how many. */
export const MAIL_NOTICES_MAX = 50;
/** Of UTC, when daily mails go out. */
const DAILY_HOUR = 6;

/** When a mail is due to a user for whom something has come. */
export function mailDueMs(rhythm: MailRhythm, nowMs: number): number {
  if (rhythm !== 'daily') return nowMs;
  const today = new Date(nowMs).setUTCHours(DAILY_HOUR, 0, 0, 0);
  return today > nowMs ? today : today + 86_400_000;
}

const AGAIN_MIN_MS = 10_000;
const AGAIN_MAX_MS = 3_600_000;
/** About a day. */
const TRIES_MAX = 32;

/** When a mail that the server has not taken is tried again; undefined: not at all. */
export function mailAgainMs(tries: number, nowMs: number): number | undefined {
  if (tries >= TRIES_MAX) return undefined;
  return nowMs + Math.min(AGAIN_MAX_MS, AGAIN_MIN_MS * 2 ** (tries - 1));
}
