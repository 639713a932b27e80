import type { Text, Texts } from '../../language.ts';

export const TEXTS = {
  dealer: { ru: 'Дилер АвтоЭкспресс', en: 'Dealer АвтоЭкспресс' },
  bank: { ru: 'Банк ЭкспоБанк', en: 'Bank ЭкспоБанк' },
  stranger: { ru: 'Страховщик СтрахКонсалт', en: 'Insurer СтрахКонсалт' },
  whoIsWho: {
    ru: 'дилер продаёт машины, банк даёт автокредиты, страховщик здесь посторонний',
    en: 'the dealer sells cars, the bank lends money for them, the insurer is an outsider; names and data are Russian',
  },
  logsInAndRegisters: {
    ru: 'входит и регистрирует три компании',
    en: 'logs in and registers three companies',
  },
  signedInAs: (name: string) => ({
    ru: `администратор «${name}» вошёл от имени своей компании`,
    en: `the admin of ${name} is signed in for that company`,
  }),
  registered: (company: Text, email: string) => ({
    ru: `${company.ru}: зарегистрирован, администратор вошёл: ${email}`,
    en: `${company.en}: registered, its admin is signed in: ${email}`,
  }),
  wrongPassword: {
    ru: 'с неверным паролем не войти: 401',
    en: 'nobody gets in with a wrong password: 401',
  },
  onlyOperators: {
    ru: 'компания не может зарегистрировать другую компанию, это право оператора: 403',
    en: 'a company cannot register another one, only the operator can: 403',
  },
  invites: (email: string) => ({ ru: `приглашает ${email} смотреть`, en: `invites ${email} to look on` }),
  tokenOnce: {
    ru: 'приглашение принято (202): в ответе одноразовый код, который передают ей',
    en: 'the invitation is taken (202): the answer holds a token to hand over, which works once',
  },
  accepts: { ru: 'сама выбирает пароль и входит', en: 'chooses a password of her own and logs in' },
  isViewer: { ru: 'роль – viewer, компания та же', en: 'the role is viewer, the company the same' },
  looksOnly: {
    ru: 'она вошла с ролью viewer: смотреть может, создать топик – нет (403)',
    en: 'she is in, with the role viewer: she may look, and may not create a topic (403)',
  },
  tokenIsUsed: {
    ru: 'второй раз тот же код не принимают (404)',
    en: 'the same token is not taken a second time (404)',
  },
} satisfies Texts;
