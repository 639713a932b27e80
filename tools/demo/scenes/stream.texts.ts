import type { Texts } from '../../language.ts';

export const TEXTS = {
  listen: { ru: 'слушают, что происходит', en: 'listen to what happens' },
  publishes: { ru: 'публикует ещё один выбор', en: 'publishes one more choice' },
  toldAll: {
    ru: 'обе стороны сразу узнают: сообщение принято, стало доставкой, отправлено, доставлено',
    en: 'both sides are told at once: a message was accepted, became a delivery, was sent, is delivered',
  },
  noContent: {
    ru: 'в событиях только номера, времена и состояния – ни содержания, ни адресов',
    en: 'the events are ids, times and states: no content, no addresses',
  },
  strangerNothing: {
    ru: 'третья компания слушала тоже – и не услышала ничего',
    en: 'the third company listened too, and heard nothing',
  },
} satisfies Texts;
