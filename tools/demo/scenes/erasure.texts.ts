import type { Texts } from '../../language.ts';

export const TEXTS = {
  publishesTwo: {
    ru: 'публикует два выбора одного клиента, и оба уже у банка',
    en: 'publishes two choices of one customer, and the bank has both already',
  },
  erases: {
    ru: 'стирает всё, где есть телефон клиента; ключу сервера это не дано (403)',
    en: "erases all that has the customer's phone number; the server's key may not (403)",
  },
  isDone: { ru: 'найдены и стёрты оба сообщения', en: 'both messages are found and erased' },
  proven: (start: string) => ({
    ru: `найдены и стёрты оба сообщения; доказательство без самих данных: ${start}…`,
    en: `both messages are found and erased; the proof has none of the data: ${start}…`,
  }),
  nobodyReads: {
    ru: 'прочесть их не может никто: 410 recalled и дилеру, и банку',
    en: 'nobody can read them: 410 recalled for the dealer and for the bank',
  },
  bankIsTold: {
    ru: 'банк извещён о каждом, и телефона в извещениях нет',
    en: 'the bank was told of each, and no notice has the phone number',
  },
} satisfies Texts;
