import { counted, type Texts } from '../../language.ts';

const SECONDS = { ru: ['секунду', 'секунды', 'секунд'], en: ['second', 'seconds'] } as const;

export const TEXTS = {
  asksToWait: {
    ru: 'сервер банка просит подождать десять минут: одно сообщение стоит в очереди к нему',
    en: "the bank's server asks to wait ten minutes: one message stands in line for it",
  },
  revokes: { ru: 'отзывает разрешение банка', en: "revokes the bank's grant" },
  isRevoked: { ru: 'разрешение отозвано', en: 'the grant is revoked' },
  waitingCancelled: {
    ru: 'то, что стояло в очереди, отменено: cancelled, причина grant-revoked',
    en: 'what stood in line is cancelled, for the reason grant-revoked',
  },
  publishesNext: { ru: 'публикует следующее сообщение', en: 'publishes another message' },
  nothingToBank: {
    ru: 'сообщение пришло собственному серверу дилера, а банку – нет',
    en: "the message came to the dealer's own server, and not to the bank",
  },
  onlyOwnDelivery: {
    ru: 'доставка есть только дилеру самому',
    en: 'the only delivery is to the dealer itself',
  },
  searchEmpty: {
    ru: 'поиск банка пуст, топик для него снова закрыт (403) – и прежние сообщения больше не читаются',
    en: "the bank's search is empty, the topic is closed to it (403), and earlier messages cannot be read any more",
  },
  noRedrive: {
    ru: 'и повторно прислать старое он попросить не может (409)',
    en: 'nor can it ask for old ones to be sent again (409)',
  },
  letsInFor: (count: number) => {
    const time = counted(count, SECONDS);
    return { ru: `снова допускает банк, на ${time.ru}`, en: `lets the bank in again, for ${time.en}` };
  },
  onlyNewCame: {
    ru: 'новое сообщение у банка, отменённое при отзыве само не пришло',
    en: 'the bank has the new message; what the revocation cancelled did not come by itself',
  },
  resends: { ru: 'разрешает прислать и отменённое', en: 'allows the cancelled one to be sent, too' },
  oneTakenUp: { ru: 'в работу возвращена одна доставка', en: 'one delivery is taken up again' },
  cancelledCame: {
    ru: 'теперь пришло и оно, с прежним webhook-id',
    en: 'now it came, with the webhook-id of before',
  },
  endOnRecord: { ru: 'конец срока записан', en: 'the end is on record' },
  timeIsOver: {
    ru: 'срок вышел: банк снова ничего не видит (403), в журнале обеих сторон – grant.expired',
    en: 'the time is over: the bank sees nothing again (403), and the logs of both say grant.expired',
  },
} satisfies Texts;
