import { counted, seconds, type Texts } from '../../language.ts';

const TRIES = { ru: ['попытки', 'попыток', 'попыток'], en: ['attempt', 'attempts'] } as const;
const MESSAGES = { ru: ['сообщение', 'сообщения', 'сообщений'], en: ['message', 'messages'] } as const;

export const TEXTS = {
  overloaded: (wait: number) => ({
    ru: `сервер банка перегружен: ответит 503 с Retry-After: ${wait}, потом 500`,
    en: `the bank's server is overloaded: it will answer 503 with Retry-After: ${wait}, then 500`,
  }),
  publishes: { ru: 'публикует сообщение', en: 'publishes a message' },
  attemptMade: (n: number) => ({ ru: `попытка ${n} была`, en: `attempt ${n} was made` }),
  answered: (n: number, status: number) => ({
    ru: `попытка ${n}: ответ ${status}`,
    en: `attempt ${n}: answer ${status}`,
  }),
  answeredAfter: (n: number, status: number, waitedMs: number) => {
    const waited = seconds(waitedMs);
    return {
      ru: `попытка ${n}: ответ ${status}, через ${waited.ru} после прошлой`,
      en: `attempt ${n}: answer ${status}, ${waited.en} after the one before`,
    };
  },
  retryAfterKept: (waitedMs: number) => {
    const waited = seconds(waitedMs);
    return {
      ru: `Retry-After соблюдён: вторая попытка через ${waited.ru}, хотя по расписанию – через 1 с`,
      en: `Retry-After is kept: the second attempt came after ${waited.en}, though the schedule says 1 s`,
    };
  },
  notBefore: (wait: number) => ({
    ru: `не раньше чем через ${wait} с`,
    en: `not before ${wait} s have passed`,
  }),
  jobIsThere: { ru: 'у доставки есть задание в очереди', en: 'the delivery has its job in the queue' },
  oneJob: (state: string) => ({
    ru: `тем временем в Bull Board у этой доставки своё задание, оно ждёт (${state})`,
    en: `meanwhile Bull Board shows the delivery's own job, waiting (${state})`,
  }),
  jobIsSealed: {
    ru: 'само сообщение в задании запечатано: ни Redis, ни оператор его не прочтут',
    en: 'the message inside the job is sealed: neither Redis nor the operator can read it',
  },
  idsAndSeal: { ru: 'идентификаторы и печать', en: 'ids and a seal' },
  allRecorded: { ru: 'все попытки записаны', en: 'all attempts are on record' },
  thirdTime: {
    ru: 'доставлено с третьей попытки; все три записаны и видны банку: 503, 500, 204',
    en: 'delivered at the third attempt; the bank sees all three on record: 503, 500, 204',
  },
  serverDown: {
    ru: 'сервер банка выключен: соединения никто не принимает',
    en: "the bank's server is off: nobody takes connections",
  },
  publishesTwo: {
    ru: 'публикует два сообщения – их по-прежнему принимают (202)',
    en: 'publishes two messages, which are accepted all the same (202)',
  },
  schedule: {
    ru: 'попытки идут по расписанию демонстрации: 0 с, 1 с, 1 с, 2 с (обычно: 0 с, 5 с, 5 мин … 10 ч)',
    en: "attempts follow the demo's schedule: 0 s, 1 s, 1 s, 2 s (usually 0 s, 5 s, 5 min … 10 h)",
  },
  reasonNamed: { ru: 'причина названа', en: 'the reason is named' },
  allTried: { ru: 'сделаны все попытки', en: 'all attempts were made' },
  isDead: (id: string, attempts: number, causes: string) => {
    const made = counted(attempts, TRIES);
    return {
      ru: `доставка ${id}: dead после ${made.ru} (${causes})`,
      en: `delivery ${id}: dead after ${made.en} (${causes})`,
    };
  },
  repaired: {
    ru: 'сервер банка починен и снова слушает тот же адрес',
    en: "the bank's server is repaired and listens at its address again",
  },
  asksForMissed: { ru: 'просит прислать недоставленное', en: 'asks for what it missed' },
  bothBack: { ru: 'в работу возвращены обе доставки', en: 'both deliveries are taken up again' },
  eachOnce: { ru: 'банк получил каждое по одному разу', en: 'the bank got each of them once' },
  nothingLost: {
    ru: 'оба сообщения у банка, с прежними webhook-id и верной подписью; ничего не потеряно',
    en: 'the bank has both, with the same webhook-id and a good signature; nothing is lost',
  },
  pauses: {
    ru: 'ставит подписку на паузу: у банка регламентные работы',
    en: 'pauses the subscription: the bank maintains its systems',
  },
  messagesWait: { ru: 'сообщения ждут', en: 'the messages wait' },
  silentMeanwhile: {
    ru: 'во время паузы банку ничего не пришло',
    en: 'nothing came to the bank during the pause',
  },
  allHeld: (count: number) => {
    const all = counted(count, MESSAGES);
    return {
      ru: `опубликовано ${all.ru}: все ждут (held), на сервер банка не пришло ни одного`,
      en: `${all.en} published: all of them wait (held), none came to the bank's server`,
    };
  },
  resumes: { ru: 'снимает паузу', en: 'ends the pause' },
  waitingCame: { ru: 'ждавшие пришли', en: 'those that waited have come' },
  inOrder: (count: number) => ({
    ru: `пришли все ${count}, в том порядке, в каком были опубликованы`,
    en: `all ${count} came, in the order in which they were published`,
  }),
  deliveryIs: (state: string) => ({ ru: `доставка стала ${state}`, en: `the delivery is ${state}` }),
} satisfies Texts;
