import type { Text, Texts } from '../../language.ts';

export const TEXTS = {
  looks: {
    ru: 'смотрит, как идут дела и что стало с одним сообщением',
    en: 'looks how it is going, and what became of one message',
  },
  storesAnswer: { ru: 'все хранилища отвечают', en: 'all stores answer' },
  isThere: { ru: 'сообщение найдено и доставлено', en: 'the message is found, and was delivered' },
  found: (processes: number, owner: Text) => ({
    ru: `хранилища отвечают, процессов ${processes}; сообщение доставлено, его владелец – ${owner.ru}`,
    en: `the stores answer, ${processes} processes run; the message was delivered, its owner is ${owner.en}`,
  }),
  noContents: {
    ru: 'ни имени, ни города, ни машины оператор не видит; читать сообщения ему нельзя (403)',
    en: 'no name, no city, no car is shown to the operator, who may read no message (403)',
  },
  bounds: { ru: 'ограничивает банк одной подпиской', en: 'bounds the bank to a single subscription' },
  isBounded: {
    ru: 'ещё одна отклонена (422 limit-reached), прежние работают',
    en: 'one more is refused (422 limit-reached), those before go on',
  },
} satisfies Texts;
