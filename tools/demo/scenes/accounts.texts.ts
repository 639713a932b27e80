import type { Texts } from '../../language.ts';

export const TEXTS = {
  setsUp: {
    ru: 'входит с двух устройств и на одном включает второй фактор',
    en: 'logs in on two devices, and sets up a second factor on one',
  },
  tenCodes: { ru: 'коды восстановления', en: 'recovery codes' },
  otherDeviceOut: {
    ru: 'второе устройство вышло само (401): вход там был без второго фактора',
    en: 'the other device is out (401): it had logged in without the factor',
  },
  factorIsOn: {
    ru: 'второй фактор включён, 10 кодов восстановления показаны один раз',
    en: 'the second factor is on; the 10 recovery codes are shown once',
  },
  logsInTwice: {
    ru: 'входит: пароль, затем код приложения',
    en: 'logs in: the password, then the code of her app',
  },
  passwordIsNotEnough: {
    ru: 'одного пароля мало (401 totp-required), а код годится только один раз',
    en: 'the password alone is not enough (401 totp-required), and the code is good once',
  },
  codeAgain: { ru: 'тот же код ещё раз', en: 'the same code once more' },
  forgets: { ru: 'забыла пароль', en: 'has forgotten the password' },
  sameForAnybody: {
    ru: 'на просьбу о новом пароле ответ один для любого адреса: 202',
    en: 'to whoever asks for a new password the answer is the same, whatever the address: 202',
  },
  makesLink: { ru: 'делает ей ссылку для нового пароля', en: 'makes her a link for a new password' },
  notForOneself: {
    ru: 'себе администратор такую ссылку сделать не может (404), и свой пароль не задать без прежнего (403)',
    en: 'an admin makes none for himself (404), and sets no password of his own without the present one (403)',
  },
  linkUsed: {
    ru: 'новый пароль задан; ссылка второй раз не годится (404), старый пароль тоже (401)',
    en: 'a new password is set; the link does not work again (404), nor does the old password (401)',
  },
  sessionsOver: {
    ru: 'всё, что было открыто со старым паролем, закончилось',
    en: 'all that was opened with the old password is over',
  },
  endsAll: {
    ru: 'входит с кодом восстановления и завершает все свои сеансы',
    en: 'logs in with a recovery code and ends all her sessions',
  },
  allOver: { ru: 'сеансов больше нет (401)', en: 'no session is left (401)' },
} satisfies Texts;
