import { counted, type Text, type Texts } from '../../language.ts';

const REQUESTS = {
  ru: ['разный запрос', 'разных запроса', 'разных запросов'],
  en: ['different request', 'different requests'],
} as const;
const MORE_REQUESTS = { ru: ['запрос', 'запроса', 'запросов'], en: ['request', 'requests'] } as const;

export const TEXTS = {
  byWords: (words: string) => ({
    ru: `ищет словами: «${words}»`,
    en: `searches for words: "${words}" (Vesta and the beginning of Kazan; case does not matter)`,
  }),
  foundOne: { ru: 'нашлось одно сообщение', en: 'one message was found' },
  foundMaria: (choice: Text) => ({
    ru: `нашлось: ${choice.ru} – без телефона`,
    en: `found: ${choice.en}, without the phone`,
  }),
  byConditions: { ru: 'ищет по условиям', en: 'searches by conditions' },
  allFit: { ru: 'все найденные подходят', en: 'all that was found fits' },
  costlyWithCredit: { ru: 'не дешевле 2 млн и с кредитом', en: '2 million or more, and a credit wanted' },
  foundCostly: (count: number) => ({
    ru: `нашлось ${count}: все не дешевле 2 млн ₽ и с интересом к кредиту`,
    en: `found ${count}: all for 2 million roubles or more, with a credit wanted`,
  }),
  dealerByPhone: { ru: 'дилер находит по телефону', en: 'the dealer finds by the phone' },
  bankByPhone: { ru: 'банк по телефону не находит', en: 'the bank does not find by the phone' },
  hiddenFromSearch: {
    ru: 'по скрытому полю банк не может даже искать: дилер по телефону находит клиента, банк – нет',
    en: 'what is hidden cannot even be searched: by the phone the dealer finds the customer, the bank does not',
  },
  triesAll: {
    ru: 'пробует добраться до чужого, зная все идентификаторы',
    en: 'knows all the ids and tries to get at what is not its own',
  },
  allNotFound: (count: number) => {
    const all = counted(count, REQUESTS);
    return {
      ru: `${all.ru}: на каждый ответ 404 – «такого нет»`,
      en: `${all.en}, and for each of them 404: there is no such thing`,
    };
  },
  closedTopic: (count: number) => {
    const all = counted(count, MORE_REQUESTS);
    return {
      ru: `топик есть в каталоге, но закрыт: на ${all.ru} к нему ответ 403 и чего не хватает`,
      en: `the topic is in the catalog, and closed: ${all.en} to it got 403 and what is missing`,
    };
  },
  listsEmpty: {
    ru: 'и списки сообщений, доставок и топиков у него пусты',
    en: 'and its lists of messages, deliveries and topics are empty',
  },
} satisfies Texts;
