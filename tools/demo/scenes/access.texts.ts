import type { Text, Texts } from '../../language.ts';

export const TEXTS = {
  createsTopic: (name: Text) => ({
    ru: `создаёт топик ${name.ru}`,
    en: `creates the topic ${name.en}`,
  }),
  topicName: { ru: '«Выбор машины»', en: '"Выбор машины" (a customer has chosen a car)' },
  topicIsMade: (id: string) => ({ ru: `топик создан: ${id}`, en: `the topic is made: ${id}` }),
  onlyInCatalog: {
    ru: 'банк видит топик только в каталоге: ни прочитать, ни подписаться (403)',
    en: 'the bank sees it in the catalog and no more: it can neither read nor subscribe (403)',
  },
  nameIsTaken: {
    ru: 'второй топик с тем же именем не создать (409)',
    en: 'a second topic of the same name is refused (409)',
  },
  bankFound: { ru: 'банк нашёл топик в каталоге', en: 'the bank has found the topic in the catalog' },
  findsAndAsks: {
    ru: 'находит топик в каталоге и просит доступ',
    en: 'finds the topic in the catalog and asks for access',
  },
  asksToo: { ru: 'тоже просит доступ, чтобы обзванивать клиентов', en: 'asks too, to call the customers up' },
  dealerSeesBoth: { ru: 'дилер видит обе заявки', en: 'the dealer sees both requests' },
  twoRequests: { ru: 'две заявки', en: 'two requests' },
  approves: {
    ru: 'одобряет заявку банка на своих условиях',
    en: "approves the bank's request on its own terms",
  },
  grantIsActive: { ru: 'разрешение банка действует', en: "the bank's grant is active" },
  bankIsIn: (until: Text) => ({
    ru: `банк допущен до ${until.ru}, телефон клиента (data.customer.phone) скрыт от него`,
    en: `the bank is let in until ${until.en}; the customer's phone (data.customer.phone) is hidden from it`,
  }),
  othersRefused: (company: Text) => ({
    ru: `${company.ru} получает отказ с причиной: клиенты не давали согласия`,
    en: `${company.en} is turned down, with a reason: the customers did not agree to that`,
  }),
  onlyBankSees: {
    ru: 'банку топик теперь открыт, посторонней компании по-прежнему нет (403)',
    en: 'the topic is open to the bank now, and still closed to the outsider (403)',
  },
} satisfies Texts;
