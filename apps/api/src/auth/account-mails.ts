import type { Postbox } from '@anika/mail/postbox';

type Needs = { readonly post: Postbox['post']; readonly publicUrl: string };
type Happened = { readonly to: string; readonly atMs: number };

type Text = (at: string, url: string) => { readonly subject: string; readonly text: string };

const FACTOR: Readonly<Record<'on' | 'off' | 'taken-off' | 'recovery-code', Text>> = {
  on: factorText('второй фактор включён', 'a second factor was set up'),
  off: factorText('второй фактор выключен', 'the second factor was ended'),
  'taken-off': factorText(
    'второй фактор снят администратором или оператором, вход теперь по одному паролю',
    'the second factor was taken off by an administrator or operator: the password alone signs in',
  ),
  'recovery-code': factorText(
    'выполнен вход с резервным кодом',
    'a recovery code was used in place of the second factor',
  ),
};

function factorText(ru: string, en: string): Text {
  return (at, url) => ({
    subject: 'ANIKA: второй фактор / second factor',
    text: `${at}, учётная запись ANIKA (${url}): ${ru}.
Если это были не вы, сразу скажите администратору вашей компании.

---

At ${at}, your account of ANIKA (${url}): ${en}.
If it was not you, tell an administrator of your company at once.
`,
  });
}

export type AccountMails = ReturnType<typeof createAccountMails>;

/** What a person is told of the own account, in both languages. Nobody waits for it. */
export function createAccountMails({ post, publicUrl }: Needs) {
  return {
    passwordForgotten({ to, token, expiresAtMs }: { to: string; token: string; expiresAtMs: number }): void {
      const link = `${publicUrl}/console/#reset=${token}`;
      post({
        to,
        about: 'forgotten password',
        subject: 'ANIKA: новый пароль / new password',
        text: `Кто-то, вероятно вы, забыл пароль в ANIKA. Новый пароль задаётся по ссылке,
она действует один раз и до ${minute(expiresAtMs)}:

${link}

Если это были не вы, ничего не делайте: прежний пароль действует.

---

Somebody, probably you, has forgotten the password for ANIKA. The link above sets a new one;
it works once, until ${minute(expiresAtMs)}.

If it was not you, do nothing: your password stays as it is.
`,
      });
    },

    secondFactor: ({ to, what, atMs }: Happened & { what: keyof typeof FACTOR }): void =>
      post({ to, about: 'second factor', ...FACTOR[what](minute(atMs), publicUrl) }),

    passwordReset: ({ to, atMs }: Happened): void =>
      post({
        to,
        about: 'password reset',
        subject: 'ANIKA: пароль изменён / password changed',
        text: `${minute(atMs)} для вашей учётной записи в ANIKA (${publicUrl}) по ссылке задан новый пароль.
Все прежние сеансы закончены. Если это были не вы, сразу скажите администратору вашей компании.

---

At ${minute(atMs)} a new password was set for your account of ANIKA (${publicUrl}) by a link.
All sessions from before have ended. If it was not you, tell an administrator of your company at once.
`,
      }),
  };
}

function minute(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
