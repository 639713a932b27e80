import { MAIL_LANGUAGES, type MailLanguage } from './mail-settings.ts';
import type { NoticeData, NoticeType } from './notice.ts';

export type MailedNotice = { readonly type: NoticeType; readonly data: NoticeData };
type Say = (data: NoticeData) => string;

/** Names are written by companies: in a line of ours they are one line, and no longer than a name needs. */
function quoted(value: NoticeData[string] | undefined): string {
  return `«${text(value)}»`;
}

function text(value: NoticeData[string] | undefined): string {
  if (value === null || value === undefined) return '—';
  return String(value).replace(/\s+/g, ' ').slice(0, 120);
}

function when(value: NoticeData[string] | undefined): string {
  return typeof value === 'string' ? `${value.slice(0, 16).replace('T', ' ')} UTC` : '—';
}

const REOPENED_RU: Readonly<Record<string, string>> = {
  'link-made': 'создана ссылка для нового пароля',
  'password-set': 'по ссылке задан новый пароль',
  'second-factor-taken-off': 'снят второй фактор',
};
const REOPENED_EN: Readonly<Record<string, string>> = {
  'link-made': 'a link for a new password was made',
  'password-set': 'a new password was set by a link',
  'second-factor-taken-off': 'the second factor was taken off',
};

const RU: Readonly<Record<NoticeType, Say>> = {
  'anika.access-request.made': (d) => `${quoted(d.readerName)} просит доступ к топику ${quoted(d.topicName)}`,
  'anika.access-request.approved': (d) =>
    `Доступ ${quoted(d.readerName)} к топику ${quoted(d.topicName)} одобрен`,
  'anika.access-request.refused': (d) =>
    `В доступе ${quoted(d.readerName)} к топику ${quoted(d.topicName)} отказано`,
  'anika.access-request.withdrawn': (d) =>
    `${quoted(d.readerName)} отозвала запрос к топику ${quoted(d.topicName)}`,
  'anika.grant.given': (d) => `${quoted(d.readerName)} получила доступ к топику ${quoted(d.topicName)}`,
  'anika.grant.changed': (d) =>
    `Условия доступа ${quoted(d.readerName)} к топику ${quoted(d.topicName)} изменены`,
  'anika.grant.ending': (d) =>
    `Доступ ${quoted(d.readerName)} к топику ${quoted(d.topicName)} закончится ${when(d.expiresAt)}`,
  'anika.grant.ended': (d) => `Доступ к топику ${quoted(d.topicName)} закончился`,
  'anika.grant.revoked': (d) => `Доступ ${quoted(d.readerName)} к топику ${quoted(d.topicName)} отозван`,
  'anika.grant.declined': (d) =>
    `${quoted(d.readerName)} отказалась от доступа к топику ${quoted(d.topicName)}`,
  'anika.subscription.failing': (d) =>
    `Подписка ${text(d.subscriptionId)} на ${quoted(d.topicName)}: адрес не отвечает с ${when(d.failingSince)} и будет отключён ${when(d.disabledAt)}`,
  'anika.subscription.disabled': (d) =>
    `Подписка ${text(d.subscriptionId)} на ${quoted(d.topicName)} отключена`,
  'anika.delivery.dead': (d) =>
    `Подписка ${text(d.subscriptionId)} на ${quoted(d.topicName)}: не доставлено сообщений: ${text(d.count)}`,
  'anika.key.made': (d) => `Создан API-ключ ${quoted(d.name)}`,
  'anika.key.revoked': (d) => `Отозван API-ключ ${quoted(d.name)}`,
  'anika.secret.read': (d) => `Прочитан секрет подписки ${text(d.subscriptionId)}`,
  'anika.account.reopened': (d) =>
    `Пользователю ${text(d.userId)} снова открыт вход: ${REOPENED_RU[text(d.reason)] ?? ''}`,
  'anika.message.recalled': (d) =>
    `Сообщение ${text(d.messageId)} топика ${quoted(d.topicName)} отозвано издателем`,
};

const EN: Readonly<Record<NoticeType, Say>> = {
  'anika.access-request.made': (d) =>
    `${quoted(d.readerName)} asks for access to the topic ${quoted(d.topicName)}`,
  'anika.access-request.approved': (d) =>
    `Access of ${quoted(d.readerName)} to the topic ${quoted(d.topicName)} was approved`,
  'anika.access-request.refused': (d) =>
    `Access of ${quoted(d.readerName)} to the topic ${quoted(d.topicName)} was refused`,
  'anika.access-request.withdrawn': (d) =>
    `${quoted(d.readerName)} withdrew its request for the topic ${quoted(d.topicName)}`,
  'anika.grant.given': (d) => `${quoted(d.readerName)} was let into the topic ${quoted(d.topicName)}`,
  'anika.grant.changed': (d) =>
    `The terms of ${quoted(d.readerName)} on the topic ${quoted(d.topicName)} were changed`,
  'anika.grant.ending': (d) =>
    `Access of ${quoted(d.readerName)} to the topic ${quoted(d.topicName)} ends ${when(d.expiresAt)}`,
  'anika.grant.ended': (d) => `Access to the topic ${quoted(d.topicName)} has ended`,
  'anika.grant.revoked': (d) =>
    `Access of ${quoted(d.readerName)} to the topic ${quoted(d.topicName)} was revoked`,
  'anika.grant.declined': (d) =>
    `${quoted(d.readerName)} declined its access to the topic ${quoted(d.topicName)}`,
  'anika.subscription.failing': (d) =>
    `Subscription ${text(d.subscriptionId)} to ${quoted(d.topicName)}: its endpoint has failed since ${when(d.failingSince)} and will be disabled ${when(d.disabledAt)}`,
  'anika.subscription.disabled': (d) =>
    `Subscription ${text(d.subscriptionId)} to ${quoted(d.topicName)} was disabled`,
  'anika.delivery.dead': (d) =>
    `Subscription ${text(d.subscriptionId)} to ${quoted(d.topicName)}: messages given up: ${text(d.count)}`,
  'anika.key.made': (d) => `The API key ${quoted(d.name)} was made`,
  'anika.key.revoked': (d) => `The API key ${quoted(d.name)} was revoked`,
  'anika.secret.read': (d) => `The secret of subscription ${text(d.subscriptionId)} was read`,
  'anika.account.reopened': (d) =>
    `The way in of user ${text(d.userId)} was opened again: ${REOPENED_EN[text(d.reason)] ?? ''}`,
  'anika.message.recalled': (d) =>
    `Message ${text(d.messageId)} of the topic ${quoted(d.topicName)} was recalled by its publisher`,
};

const LINES = { ru: RU, en: EN } as const;
const WORDS = {
  ru: {
    subject: (count: number) => `ANIKA: уведомлений: ${count}`,
    more: (count: number) => `… и ещё: ${count}`,
    end: 'Все уведомления: GET /v1/notices. Что и как часто приходит на почту: PATCH /v1/users/{id}/notice-settings.',
  },
  en: {
    subject: (count: number) => `ANIKA: notices: ${count}`,
    more: (count: number) => `… and more: ${count}`,
    end: 'All notices: GET /v1/notices. What comes by e-mail and how often: PATCH /v1/users/{id}/notice-settings.',
  },
} as const;

/** One mail for some notices, oldest first. No text of another company is in its subject. */
export function mailOf(
  notices: readonly MailedNotice[],
  { more, language }: { readonly more: number; readonly language: MailLanguage | undefined },
): { readonly subject: string; readonly text: string } {
  const languages = language === undefined ? MAIL_LANGUAGES : [language];
  const [first] = languages;
  const parts = languages.map((one) => partOf(notices, more, one));
  return {
    subject: WORDS[first ?? 'en'].subject(notices.length + more),
    text: `${parts.join('\n\n---\n\n')}\n`,
  };
}

function partOf(notices: readonly MailedNotice[], more: number, language: MailLanguage): string {
  const lines = notices.map(({ type, data }) => `${when(data.at)}  ${LINES[language][type](data)}`);
  if (more > 0) lines.push(WORDS[language].more(more));
  return [...lines, '', WORDS[language].end].join('\n');
}
