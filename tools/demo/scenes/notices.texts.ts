import { seconds, type Texts } from '../../language.ts';

export const TEXTS = {
  subscribes: {
    ru: 'подписывает сервер дежурной смены на уведомления самой ANIKA',
    en: "subscribes its on-call server to ANIKA's own notices",
  },
  makesKey: { ru: 'создаёт API-ключ', en: 'makes an API key' },
  noticeCame: { ru: 'уведомление пришло', en: 'the notice has come' },
  keyTold: { ru: 'уведомление – об этом ключе', en: 'the notice is about that key' },
  toldWithin: (ms: number) => {
    const passed = seconds(ms);
    return {
      ru: `дежурные узнали о новом ключе через ${passed.ru}, вебхуком с верной подписью`,
      en: `the on-call server heard of the new key after ${passed.en}, by a webhook with a good signature`,
    };
  },
  othersHearNothing: {
    ru: 'другие компании об этом не узнают',
    en: 'other companies hear nothing of it',
  },
  aboutThis: { ru: 'уведомление – об этой подписке', en: 'the notice is about this subscription' },
  deadTold: (id: string) => ({
    ru: `дежурным пришло уведомление anika.delivery.dead с примером ${id}: смотреть самим не нужно`,
    en: `the on-call server was told anika.delivery.dead, with ${id} as an example: nobody had to look`,
  }),
} satisfies Texts;
