import type { Text, Texts } from '../language.ts';

/** Who acts in the story. */
export const WHO = {
  operator: { ru: 'Оператор', en: 'Operator' },
  dealersServer: { ru: 'Сервер салона', en: "The dealer's server" },
  bothSides: { ru: 'Обе стороны', en: 'Both sides' },
  admin: { ru: 'Администратор дилера', en: "The dealer's admin" },
  colleague: { ru: 'Сотрудница дилера', en: "The dealer's employee" },
} satisfies Texts;

/** What stands around the scenes. */
export const FRAME = {
  title: {
    ru: 'АНИКА: компании узнают о событиях друг друга сразу – и только то, что им разрешено',
    en: "ANIKA: companies learn of each other's events at once, and only what they may know",
  },
  legend: {
    ru: 'слева – секунды от запуска · → действие · ✓ проверено · Ctrl-C – остановить',
    en: 'on the left: seconds since the start · → an action · ✓ checked · Ctrl-C stops it all',
  },
  starting: {
    ru: 'запускаю PostgreSQL, MongoDB и Redis с пустыми данными …',
    en: 'starting PostgreSQL, MongoDB and Redis, all of them empty …',
  },
  started: (api: string) => ({
    ru: `всё запущено и отвечает: ${api}`,
    en: `all of it runs and answers: ${api}`,
  }),
  stopping: { ru: 'останавливаю всё, что было запущено …', en: 'stopping all that was started …' },
  stopped: { ru: 'остановлено', en: 'stopped' },
  otherDemo: {
    ru: 'Уже идёт другая демонстрация: остановите её или укажите в ANIKA_HOME другую папку.',
    en: 'Another demo is running: stop it first, or set ANIKA_HOME to another folder.',
  },
  allHeld: (scenes: Text) => ({
    ru: `Всё подтвердилось: ${scenes.ru}.`,
    en: `All of it held: ${scenes.en}.`,
  }),
  notHeld: {
    ru: 'Не подтвердилось: см. строку с ✗ выше.',
    en: 'It did not hold: see the line with ✗ above.',
  },
  logs: (folder: string) => ({
    ru: `Журналы программ: ${folder}`,
    en: `Logs of the programs: ${folder}`,
  }),
  keeps: {
    ru: 'Стенд работает; Ctrl-C остановит его.',
    en: 'All of it stays up; Ctrl-C stops it.',
  },
  whereNow: { ru: 'Где смотреть', en: 'Where to look' },
  whereLater: { ru: 'Где смотреть (после ./anika up)', en: 'Where to look (after ./anika up)' },
  console: (api: string) => ({ ru: `консоль       ${api}/console`, en: `console        ${api}/console` }),
  company: (who: Text, email: string, password: string) => ({
    ru: `и как         ${email}  ${password}  (${who.ru})`,
    en: `or as          ${email}  ${password}  (${who.en})`,
  }),
  docs: (api: string) => ({ ru: `описание API  ${api}/docs`, en: `API reference  ${api}/docs` }),
  queues: (api: string) => ({
    ru: `очереди       ${api}/admin/queues`,
    en: `queues         ${api}/admin/queues`,
  }),
  login: (email: string, password: string) => ({
    ru: `вход          ${email}  ${password}`,
    en: `login          ${email}  ${password}`,
  }),
  loginLater: {
    ru: 'вход          адрес и пароль оператора напечатает ./anika up',
    en: "login          ./anika up prints the operator's address and password",
  },
  byHand: { ru: 'Попробовать руками', en: 'To try by hand' },
} satisfies Texts;

/** Of a claim that did not hold. */
export const CHECKS = {
  expected: { ru: 'ожидалось', en: 'expected' },
  came: { ru: 'получено', en: 'came' },
  success: { ru: 'успех (2xx)', en: 'success (2xx)' },
  agreedShape: { ru: 'ответ по договорённой схеме', en: 'an answer of the agreed shape' },
  anAnswer: { ru: 'ответ API', en: 'an answer of the API' },
  refused: (request: string) => ({ ru: `${request} отклонён`, en: `${request} is refused` }),
  within: (limit: Text) => ({ ru: `не позже чем через ${limit.ru}`, en: `within ${limit.en}` }),
  notHappened: { ru: 'этого не произошло', en: 'it did not happen' },
} satisfies Texts;

/** The table at the end. */
export const SUMMARY = {
  scene: { ru: 'Сцена', en: 'Scene' },
  head: { ru: 'Верно      Время', en: 'Held        Time' },
  yes: { ru: 'да ', en: 'yes' },
  no: { ru: 'НЕТ', en: 'NO ' },
  unit: { ru: 'мс', en: 'ms' },
} satisfies Texts;

/** The scenes in their order. */
export const TITLES = {
  companies: {
    ru: 'Знакомство: оператор и три компании',
    en: 'Who is who: the operator and three companies',
  },
  colleague: { ru: 'Приглашение сотрудника', en: 'An employee is invited' },
  accounts: {
    ru: 'Учётная запись: второй фактор, забытый пароль, сеансы',
    en: 'An account: a second factor, a forgotten password, sessions',
  },
  topic: { ru: 'Топик дилера', en: "The dealer's topic" },
  access: { ru: 'Доступ: заявка, условия, отказ', en: 'Access: a request, terms, a refusal' },
  subscription: { ru: 'Подписка банка', en: "The bank's subscription" },
  innerAddresses: { ru: 'Запретные адреса', en: 'Forbidden addresses' },
  apiKey: { ru: 'API-ключ', en: 'An API key' },
  webhook: { ru: 'Подписанный вебхук', en: 'A signed webhook' },
  speed: { ru: 'Скорость', en: 'Speed' },
  stream: { ru: 'Поток событий', en: 'The stream of events' },
  repeat: { ru: 'Безопасный повтор', en: 'A safe repetition' },
  flaky: { ru: 'Сбоящий получатель', en: 'A receiver that fails' },
  notices: { ru: 'Уведомления', en: 'Being told' },
  dead: { ru: 'Недоступный получатель', en: 'A receiver that is gone' },
  board: { ru: 'Очередь dead-letter в Bull Board', en: 'The dead-letter queue in Bull Board' },
  redrive: { ru: 'Повторная отправка', en: 'Sent once more' },
  pause: { ru: 'Пауза без потерь', en: 'A pause that loses nothing' },
  replay: { ru: 'Повтор за время', en: 'A time is sent again' },
  pulling: { ru: 'Получатель без адреса', en: 'A receiver without an address' },
  installing: { ru: 'Сначала установить, потом проверить', en: 'Installed first, verified then' },
  search: { ru: 'Поиск', en: 'Search' },
  why: { ru: 'Почему не пришло', en: 'Why it did not come' },
  stranger: { ru: 'Посторонний', en: 'An outsider' },
  receipts: { ru: 'Сверка сторон', en: 'Both sides compare' },
  figures: { ru: 'Цифры', en: 'Figures' },
  operating: { ru: 'Оператор смотрит, но не читает', en: 'The operator looks and does not read' },
  audit: { ru: 'Журнал', en: 'The audit log' },
  recall: { ru: 'Отзыв сообщения', en: 'A message is taken back' },
  erasure: { ru: 'Стереть всё о клиенте', en: 'A customer is erased' },
  later: { ru: 'Отправка к сроку', en: 'Sent at its time' },
  revocation: { ru: 'Отзыв доступа', en: 'Access is revoked' },
  renewal: { ru: 'Новый срок', en: 'Access for a while' },
} satisfies Texts;

export const SCENES = {
  ru: ['сцена', 'сцены', 'сцен'],
  en: ['scene', 'scenes'],
} as const;
