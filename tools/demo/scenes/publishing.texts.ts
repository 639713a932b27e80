import { counted, milliseconds, type Text, type Texts } from '../../language.ts';

const MESSAGES = { ru: ['сообщение', 'сообщения', 'сообщений'], en: ['message', 'messages'] } as const;

export const TEXTS = {
  makesKey: {
    ru: 'выпускает API-ключ для своего сервера, только на публикацию',
    en: 'makes an API key for its server, good for publishing only',
  },
  keyShown: (start: string) => ({
    ru: `ключ показан один раз: ${start}…`,
    en: `the key is shown once: ${start}…`,
  }),
  keyCannotRead: { ru: 'читать этим ключом нельзя (403)', en: 'nothing can be read with it (403)' },
  publishesChoice: (choice: Text) => ({
    ru: `публикует выбор клиента: ${choice.ru}`,
    en: `publishes what a customer chose: ${choice.en}`,
  }),
  arrivedAfter: (tookMs: number) => {
    const took = milliseconds(tookMs);
    return {
      ru: `вебхук у банка через ${took.ru} после начала публикации`,
      en: `the bank has the webhook ${took.en} after publishing began`,
    };
  },
  signatureTaken: { ru: 'сервер банка признал подпись', en: "the bank's server takes the signature" },
  outsideLibrary: {
    ru: 'подпись проверена сторонней библиотекой standardwebhooks',
    en: 'the signature is verified by an outside library, standardwebhooks',
  },
  bodyChanged: { ru: 'тело изменено', en: 'the body is changed' },
  priceInBody: { ru: 'цена в теле', en: 'the price in the body' },
  forgedRefused: {
    ru: 'то же сообщение с подменённой ценой проверку не проходит',
    en: 'the same message with another price does not pass',
  },
  asPublished: {
    ru: 'пришло всё, кроме телефона, в том же порядке',
    en: 'all but the phone has come, in the same order',
  },
  came: (data: string) => ({ ru: `пришло: ${data}`, en: `what came: ${data}` }),
  phoneHidden: {
    ru: 'телефон клиента до банка не дошёл, остальное – в точности как опубликовано',
    en: "the customer's phone did not reach the bank; the rest is exactly as it was published",
  },
  headerCame: (name: string) => ({
    ru: `и заголовок ${name}, который банк дал при подписке, на месте`,
    en: `and ${name}, the header that the bank gave when it subscribed, is there`,
  }),
  publishesMore: (count: number) => {
    const all = counted(count, MESSAGES);
    return {
      ru: `публикует ещё ${all.ru}, одно за другим`,
      en: `publishes ${all.en} more, one after the other`,
    };
  },
  eachOnce: { ru: 'каждое пришло один раз', en: 'each has come once' },
  allCame: (count: number, medianMs: number, worstMs: number) => {
    const [median, worst] = [milliseconds(medianMs), milliseconds(worstMs)];
    return {
      ru: `пришли все (${count}), каждое один раз; от публикации до банка: медиана ${median.ru}, худшее ${worst.ru}`,
      en: `all ${count} came, each once; from publishing to the bank: median ${median.en}, worst ${worst.en}`,
    };
  },
  webhookCame: { ru: 'вебхук пришёл', en: 'the webhook has come' },
  repeats: {
    ru: 'публикует с Idempotency-Key, «теряет» ответ и повторяет запрос',
    en: 'publishes with an Idempotency-Key, "loses" the answer and asks again',
  },
  sameAnswer: { ru: 'повтор получил первый ответ', en: 'the second got the first answer' },
  replayMarked: { ru: 'повтор отмечен', en: 'the repetition is marked' },
  replayed: {
    ru: 'повтор получил тот же ответ с тем же id и пометкой Idempotency-Replayed: true',
    en: 'the second got the same answer with the same id, marked Idempotency-Replayed: true',
  },
  otherContent: (code: string) => ({
    ru: `тот же ключ с другим содержанием – отказ (422 ${code})`,
    en: `the same key with another content is refused (422 ${code})`,
  }),
  cameOnce: {
    ru: 'банк получил это сообщение ровно один раз',
    en: 'the bank got this message exactly once',
  },
} satisfies Texts;
