import type { Texts } from '../../language.ts';

export const TEXTS = {
  ask: { ru: 'спрашивают цифры по часам', en: 'ask for figures by the hour' },
  equal: {
    ru: 'обе стороны видят одни и те же цифры',
    en: 'both sides read the same figures',
  },
  sameFigures: (delivered: number, failed: number) => ({
    ru: `обе стороны видят одно и то же: доставлено ${delivered}, попыток без успеха ${failed}`,
    en: `both sides read the same: ${delivered} delivered, ${failed} attempts failed`,
  }),
  nobodyElse: {
    ru: 'цифры пары – только для неё: посторонней компании и оператору 403',
    en: 'the figures of a pair are for the two alone: 403 for an outsider and for the operator',
  },
} satisfies Texts;
