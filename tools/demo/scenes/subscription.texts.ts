import type { Texts } from '../../language.ts';

export const TEXTS = {
  activeAtOnce: {
    ru: 'подписка действует сразу после проверки адреса',
    en: 'the subscription is active as soon as its address is checked',
  },
  oneChallenge: {
    ru: 'адресу прислан один проверочный запрос',
    en: 'the address was sent one challenge',
  },
  subscribes: {
    ru: 'подписывает свой сервер на топик и даёт заголовок, с которым его надо вызывать',
    en: 'subscribes its server to the topic, with a header that every request must bring',
  },
  listens: (url: string) => ({
    ru: `настоящий HTTP-сервер банка слушает ${url}`,
    en: `the bank's real HTTP server listens at ${url}`,
  }),
  confirmed: {
    ru: 'АНИКА прислала проверочный запрос, сервер банка подтвердил его – подписка active',
    en: "ANIKA sent a challenge and the bank's server answered it: the subscription is active",
  },
  secretGiven: (start: string) => ({
    ru: `банк получил секрет для проверки подписи: ${start}…`,
    en: `the bank got the secret to verify signatures with: ${start}…`,
  }),
  headerHidden: (name: string) => ({
    ru: `значение заголовка ${name} хранится запечатанным, прочитать его не может и сам банк: ***`,
    en: `the value of ${name} is stored sealed; not even the bank itself can read it back: ***`,
  }),
  triesInside: {
    ru: 'пробует подписать адреса чужой внутренней сети',
    en: "tries to subscribe addresses within somebody else's network",
  },
  addressRefused: (url: string, code: string) => ({
    ru: `${url} – отклонён (422 ${code})`,
    en: `${url} is refused (422 ${code})`,
  }),
} satisfies Texts;
