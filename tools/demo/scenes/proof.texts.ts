import type { Texts } from '../../language.ts';

export const TEXTS = {
  compare: { ru: 'сверяют, что было передано', en: 'compare what was handed over' },
  reportsEqual: { ru: 'отчёты дилера и банка совпадают', en: "the dealer's and the bank's reports agree" },
  allDelivered: { ru: 'доставлено всё принятое', en: 'all that was accepted is delivered' },
  sameFigures: (accepted: number, delivered: number) => ({
    ru: `отчёты совпадают до последней цифры: принято ${accepted}, доставлено ${delivered}, потеряно 0`,
    en: `the reports agree to the last figure: ${accepted} accepted, ${delivered} delivered, 0 lost`,
  }),
  sameFingerprint: (fingerprint: string) => ({
    ru: `отпечаток отчёта у дилера и у банка один: ${fingerprint}; его сверяют хоть по телефону`,
    en: `dealer and bank read the same fingerprint: ${fingerprint}; it can be compared over the phone`,
  }),
  signatureGood: { ru: 'подпись отчёта верна', en: 'the signature of the report is good' },
  signed: {
    ru: 'отчёт подписан ключом АНИКИ: подпись проверена без сервера, а «поправленная» цифра её ломает',
    en: 'the report is signed by ANIKA: the signature holds without a server, and a figure "put right" breaks it',
  },
  forgedReceiptSeen: {
    ru: 'подправленный отчёт не проходит проверку',
    en: 'a report that was changed is refused',
  },
  receiptsEqual: { ru: 'квитанции совпадают', en: 'the receipts agree' },
  hashOfBody: {
    ru: 'в квитанции хеш того, что пришло банку',
    en: 'the receipt has the hash of what came to the bank',
  },
  oneReceipt: (hash: string) => ({
    ru: `квитанция доставки одна на двоих; SHA-256 тела совпал с тем, что пришло банку: ${hash}…`,
    en: `both read the same receipt of a delivery; its SHA-256 is that of the body the bank got: ${hash}…`,
  }),
  readLog: {
    ru: 'читают журнал: кто, кому и что разрешил',
    en: 'read the audit log: who allowed what to whom',
  },
  grantOnRecord: { ru: 'выдача разрешения записана', en: 'the grant is on record' },
  grantEntry: { ru: 'запись grant.…', en: 'an entry grant.…' },
  bankSeesSame: {
    ru: 'банк видит ту же запись, но не с какого адреса она сделана',
    en: 'the bank sees the same entry, but not from which address it was made',
  },
  sameEntry: (action: string, atDealer: number, atBank: number) => ({
    ru: `запись ${action} одинакова у дилера и у банка; в журнале дилера она № ${atDealer}, у банка № ${atBank}`,
    en: `the entry ${action} is the same for both; it is number ${atDealer} of the dealer's log and ${atBank} of the bank's`,
  }),
  ownChain: { ru: 'своя цепочка без пропусков', en: "a company's own chain has no gap" },
  commonChain: { ru: 'цепочка хешей не порвана', en: 'the chain of hashes is whole' },
  chainsWhole: (dealer: number, bank: number, all: number) => ({
    ru: `журнал дилера (записей: ${dealer}), банка (${bank}) и общий (${all}) пересчитаны отдельной программой: цепочки хешей целы, пропусков нет`,
    en: `the logs of dealer (${dealer} entries), bank (${bank}) and operator (${all}), recomputed by another program: the chains of hashes are whole, nothing is missing`,
  }),
  forgerySeen: {
    ru: 'если задним числом «открыть» банку телефон или убрать запись, проверка своего журнала указывает на это место',
    en: 'were the phone "allowed" in hindsight, or an entry removed, a check of the own log points at the place',
  },
} satisfies Texts;
