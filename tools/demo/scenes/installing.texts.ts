import type { Texts } from '../../language.ts';

export const TEXTS = {
  subscribes: {
    ru: 'подписывает ещё один сервер со своим секретом и пока без проверки адреса',
    en: 'subscribes one more server, with a secret of its own and without a challenge for now',
  },
  publishesMeanwhile: { ru: 'тем временем публикует', en: 'publishes meanwhile' },
  isHeld: {
    ru: 'серверу не отправлено ничего, а сообщение для него хранится (held)',
    en: 'the server was sent nothing, and the message is kept for it (held)',
  },
  verifies: {
    ru: 'секрет установлен, и банк просит проверить адрес',
    en: 'has the secret installed, and asks for the challenge',
  },
  isActive: { ru: 'подписка действует', en: 'the subscription is active' },
  cameAfterAll: {
    ru: 'подписка действует, и хранившееся пришло с подписью, которую сервер проверил этим секретом',
    en: 'the subscription is active, and what was kept came with a signature that this secret verifies',
  },
} satisfies Texts;
