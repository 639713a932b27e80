import type { Texts } from '../../language.ts';

export const TEXTS = {
  publishesWrong: {
    ru: 'публикует выбор не того клиента, и он уже у банка',
    en: "publishes the wrong customer's choice, and the bank has it already",
  },
  takesBack: { ru: 'отзывает сообщение, с причиной', en: 'takes the message back, and says why' },
  isRecalled: { ru: 'сообщение отозвано', en: 'the message is recalled' },
  nobodyReads: {
    ru: 'содержимого больше нет ни для кого: чтение – 410 recalled',
    en: 'its contents are gone for everybody: reading it is 410 recalled',
  },
  bankIsTold: {
    ru: 'банк получил подписанное anika.message.recalled с причиной и может удалить своё',
    en: 'the bank got a signed anika.message.recalled with the reason, and can delete its copy',
  },
  publishesFor: (ms: number) => ({
    ru: `публикует с отправкой через ${ms} мс (deliverAt)`,
    en: `publishes something to be sent in ${ms} ms (deliverAt)`,
  }),
  notYet: { ru: 'пока его для банка нет (404)', en: 'until then it is not there for the bank (404)' },
  withinMs: (ms: number) => ({
    ru: `не раньше срока и не позже ${ms} мс`,
    en: `not before, and within ${ms} ms`,
  }),
  cameAfter: (ms: number) => ({
    ru: `пришло через ${ms} мс после срока`,
    en: `it came ${ms} ms after its time`,
  }),
} satisfies Texts;
