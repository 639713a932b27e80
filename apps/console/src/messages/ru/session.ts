import type { session as english } from '../en/session.ts';

export const session = {
  'session.title': 'Вход',
  'session.lead': 'Адрес и пароль вашей учётной записи.',
  'session.email': 'Эл. почта',
  'session.password': 'Пароль',
  'session.signIn': 'Войти',
  'session.wrong': 'Неверный адрес или пароль.',
  'session.note':
    'АНИКА передаёт события между компаниями: то, на что дано разрешение, и ничего сверх. Нет учётной записи? Вас приглашает администратор.',
  'session.ended': 'Сеанс закончился',
  'session.endedHint': 'Войдите снова: всё, что вы ввели, осталось на месте.',
  'invitation.title': 'Принять приглашение',
  'invitation.lead': 'Выберите имя и пароль.',
  'invitation.name': 'Ваше имя',
  'invitation.passwordHint': 'Не меньше 10 знаков, не угадываемый, без имени из адреса почты.',
  'invitation.accept': 'Принять',
  'invitation.done': 'Готово. Войдите со своим паролем.',
  'invitation.over':
    'Приглашение больше не действует: использовано, отозвано или старше семи дней. Попросите новое.',
  'invitation.state.open': 'ждёт',
  'invitation.state.accepted': 'принято',
  'invitation.state.withdrawn': 'отозвано',
  'invitation.state.expired': 'истекло',
  'invite.create': 'Пригласить',
  'invite.company': 'Компания',
  'invite.handover':
    'Передайте эту ссылку: {email}. Она действует один раз, семь дней, и показана только сейчас.',
} as const satisfies Record<keyof typeof english, string>;
