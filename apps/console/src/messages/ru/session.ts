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
  'forgotten.ask': 'Забыли пароль?',
  'forgotten.title': 'Забытый пароль',
  'forgotten.lead': 'Придёт письмо со ссылкой, по которой задаётся новый.',
  'forgotten.send': 'Прислать ссылку',
  'forgotten.done': 'Если учётная запись с этим адресом есть, ссылка уже в пути. Она действует 30 минут.',
  'forgotten.noMail': 'Письма нет? Попросите ссылку у администратора вашей компании.',
  'forgotten.back': 'Назад',
  'reset.title': 'Новый пароль',
  'reset.lead': 'Все прежние сеансы закончатся.',
  'reset.set': 'Задать пароль',
  'reset.over': 'Ссылка больше не действует: использована, заменена или её время вышло. Попросите новую.',
  'resetLink.make': 'Ссылка для нового пароля',
  'resetLink.title': 'Новый пароль для {email}',
  'resetLink.effect':
    'Будет создана ссылка, которую нужно передать. Пароль остаётся прежним, пока ею не воспользуются; тогда все сеансы этого человека закончатся.',
  'resetLink.handover':
    'Передайте эту ссылку: {email}. Она действует один раз, сутки, и показана только сейчас.',
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
