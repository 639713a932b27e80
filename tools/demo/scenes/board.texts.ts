import type { Texts } from '../../language.ts';

export const TEXTS = {
  closed: { ru: 'без входа очереди не видны', en: 'without a login no queue is shown' },
  logsIn: { ru: 'входит в Bull Board', en: 'logs in to Bull Board' },
  isIn: { ru: 'оператор вошёл', en: 'the operator is in' },
  looks: { ru: 'смотрит очередь dead-letter', en: 'looks at the queue dead-letter' },
  bothFound: {
    ru: 'обе доставки видны в очереди dead-letter',
    en: 'both deliveries are in the queue dead-letter',
  },
  asJobs: {
    ru: 'без входа – 401; после входа обе доставки лежат заданиями в очереди dead-letter',
    en: 'without a login 401; with it both deliveries are there, as jobs of the queue dead-letter',
  },
  onlyIds: (data: string) => ({
    ru: `данные задания – только идентификаторы и причина: ${data}`,
    en: `the job holds nothing but ids and the reason: ${data}`,
  }),
} satisfies Texts;
