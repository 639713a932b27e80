import type { Texts } from '../../language.ts';

export const TEXTS = {
  subscribes: {
    ru: 'второму отделу нечем принимать запросы из интернета: он подписывается, чтобы забирать сам',
    en: 'its other department takes no requests from the internet: it subscribes to fetch by itself',
  },
  activeWithoutAddress: {
    ru: 'подписка действует сразу: адреса у неё нет, проверять нечего',
    en: 'the subscription is active at once: it has no address, there is nothing to check',
  },
  makesKey: {
    ru: 'даёт отделу ключ, с которым можно только забирать',
    en: 'gives the department a key that may do nothing but fetch',
  },
  waits: {
    ru: 'ждёт новых сообщений одним запросом',
    en: 'waits for new messages with one request',
  },
  publishes: { ru: 'публикует выбор клиента', en: "publishes a customer's choice" },
  cameAfter: (ms: number) => ({
    ru: `ожидавший запрос получил сообщение через ${ms} мс после публикации`,
    en: `the waiting request got the message ${ms} ms after it was published`,
  }),
  thatMessage: {
    ru: 'пришло именно это сообщение',
    en: 'it is that very message',
  },
  genuine: {
    ru: 'тело и подпись – как у вебхука: их принимает сторонняя библиотека Standard Webhooks',
    en: "body and signature are a webhook's: an outside library of Standard Webhooks takes them",
  },
  leased: {
    ru: 'пока оно взято, второму такому же запросу ничего не дают',
    en: 'while it is taken, a second request of the same kind is given nothing',
  },
  acknowledges: { ru: 'подтверждает', en: 'acknowledges it' },
  delivered: {
    ru: 'доставка завершена и у дилера',
    en: "the delivery is complete on the dealer's side too",
  },
  onlyOnce: {
    ru: 'второе подтверждение того же взятия отклонено (409)',
    en: 'a second acknowledgement of the same lease is refused (409)',
  },
} satisfies Texts;
