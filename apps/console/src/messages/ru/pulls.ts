import type { pulls as english } from '../en/pulls.ts';

export const pulls = {
  'pull.title': 'Получение',
  'pull.how': 'Как получать',
  'pull.howLead':
    'Программа спрашивает, делает своё дело, говорит, что вышло, и спрашивает снова. Ей нужен API-ключ с правом «забирать».',
  'pull.language': 'Язык программирования',
  'pull.work': 'здесь ваше дело; сначала проверьте подпись',
  'pull.fill': 'что вышло: deliveryId и lease – из ответа',
  'pull.leases': 'Отдано, пока не подтверждено',
  'pull.leasesLead': 'Каждая принадлежит получателю, пока не истечёт аренда; потом отдаётся снова.',
  'pull.noLeases': 'Сейчас ничего не отдано',
  'pull.noLeasesHint': 'Здесь видно, что программа забрала и ещё не подтвердила.',
  'pull.again': 'Отдаётся снова',
  'subscription.delivery': 'Доставка',
  'subscription.delivery.webhook': 'на ваш адрес',
  'subscription.delivery.pull': 'забирает ваша программа',
  'subscription.deliveryHint.webhook': 'АНИКА отправляет каждое сообщение на ваш адрес сразу.',
  'subscription.deliveryHint.pull':
    'Для тех, у кого нет публичного адреса или кто хочет своего темпа. Потом не меняется.',
  'subscription.newLead.webhook':
    'АНИКА сразу отправит адресу проверку; чтобы подписка заработала, он должен вернуть тот же текст.',
  'subscription.newLead.pull': 'Она работает сразу: адреса, который надо проверять, нет.',
  'subscription.noticeTypes': 'Виды уведомлений; не выбрано: все',
  'subscription.more': 'Фильтр, начало, секрет, формат',
  'subscription.startFrom': 'И опубликованное с этого времени',
  'subscription.startFromHint':
    'Не раньше чем 92 дня назад. Отправит повтор, когда подписка заработает. Пусто: только то, что придёт теперь.',
  'subscription.ownSecret': 'Собственный секрет',
  'subscription.ownSecretHint':
    'whsec_ и base64 из 24–64 байт: программа может знать его до первого запроса. Пусто: будет создан.',
  'subscription.verifyNow': 'Отправить проверку сейчас',
  'subscription.verifyNowHint':
    'Иначе проверьте адрес на странице подписки, когда он будет готов. До того сообщения придерживаются.',
  'subscription.pauseEffect.webhook':
    'На адрес больше ничего не уйдёт. Сообщения придерживаются и после возобновления уходят, начиная со старых.',
  'subscription.pauseEffect.pull':
    'Больше ничего не отдаётся. Сообщения придерживаются и после возобновления отдаются, начиная со старых.',
  'health.pull.healthy': 'Доставляет: полученное подтверждают.',
  'health.pull.idle': 'Работает; из хранящегося пока ничего не забрали и не подтвердили.',
  'health.pull.lagging': 'Отстаёт: что-то ждёт дольше полуминуты, пока его заберут. Программа запущена?',
  'health.pull.failing': 'Сбоит: ничто из полученного не подтверждают.',
  'attempt.done': 'забрано, сделано',
  'topic.notices': 'Уведомления АНИКИ нам',
  'ui.copyOf': 'Скопировать: {what}',
} as const satisfies Record<keyof typeof english, string>;
