import { counted, type Texts } from '../../language.ts';

const MESSAGES = { ru: ['сообщение', 'сообщения', 'сообщений'], en: ['message', 'messages'] } as const;

export const TEXTS = {
  lost: {
    ru: 'банк восстановил базу из копии: всё, что он принял после неё, пропало',
    en: 'the bank has restored a backup: what it had taken since is gone',
  },
  asksFirst: {
    ru: 'спрашивает, что пришло бы снова за это время (dryRun)',
    en: 'asks what that time would bring once more (dryRun)',
  },
  wouldSend: (count: number) => {
    const all = counted(count, MESSAGES);
    return {
      ru: `${all.ru}, все уже были доставлены; пока ничего не отправлено`,
      en: `${all.en}, all of which were delivered before; nothing is sent yet`,
    };
  },
  starts: { ru: 'запускает повтор', en: 'starts the replay' },
  isRunning: { ru: 'повтор идёт', en: 'the replay is running' },
  isDone: { ru: 'повтор закончен', en: 'the replay is done' },
  counted: (started: number, delivered: number) => ({
    ru: `повтор закончен: отправлено ${started}, доставлено ${delivered}`,
    en: `the replay is done: ${started} started, ${delivered} delivered`,
  }),
  sameIds: {
    ru: 'пришло всё, каждое по разу, с прежним webhook-id и верной подписью',
    en: 'all of it came, each once, with the same webhook-id and a good signature',
  },
  allTaken: { ru: 'всё принято (204)', en: 'all of it taken (204)' },
} satisfies Texts;
