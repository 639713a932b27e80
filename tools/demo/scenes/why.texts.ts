import type { Texts } from '../../language.ts';

export const TEXTS = {
  triesFilter: {
    ru: 'хочет только дорогие машины и сначала пробует фильтр на прошлых сообщениях',
    en: 'wants costly cars only, and first tries a filter on earlier messages',
  },
  isMisspelt: { ru: 'опечатка в пути замечена', en: 'the misspelt path is noticed' },
  misspelt: (path: string) => ({
    ru: `опечатка в пути замечена: ${path} нет ни в одном из них`,
    en: `the misspelt path is noticed: none of them has ${path}`,
  }),
  someMatch: { ru: 'подходит часть сообщений', en: 'some of the messages match' },
  wouldMatch: (matching: number, considered: number) => ({
    ru: `с верным путём подошло бы ${matching} из ${considered}; ничего ещё не изменено`,
    en: `spelt right, ${matching} of ${considered} would have come; nothing is changed yet`,
  }),
  narrows: { ru: 'ставит фильтр на подписку', en: 'sets the filter on its subscription' },
  publishes: { ru: 'публикует машину подешевле', en: 'publishes a car for less' },
  asksWhy: { ru: 'спрашивает, почему сообщение не пришло', en: 'asks why the message did not come' },
  onlyFilter: { ru: 'не выполнено одно правило: filter', en: 'one rule does not hold: filter' },
  bankSeesValues: (detail: string) => ({
    ru: `все правила выполнены, кроме собственного фильтра банка: ${detail}`,
    en: `all rules hold but the bank's own filter: ${detail}`,
  }),
  choiceOnly: { ru: 'дилеру – только что так выбрал банк', en: "to the dealer it is the bank's choice" },
  dealerSeesChoice: {
    ru: 'дилер о том же сообщении узнаёт только, что так выбрал банк: ни фильтра, ни его значений',
    en: 'of the same message the dealer learns only that it was the choice of the bank: neither the filter nor its values',
  },
  strangerSeesNothing: {
    ru: 'постороннему на тот же вопрос – 404',
    en: 'an outsider who asks the same gets 404',
  },
} satisfies Texts;
