type Options = {
  readonly csrf: string;
  readonly problem: string | undefined;
  readonly email: string;
  /** The password was right, and the code of the second factor is asked for. */
  readonly challenge: string | undefined;
};

/** The login form of the operators' pages; the only text in it from outside is escaped. */
export function loginPage(options: Options): string {
  const problem =
    options.problem === undefined ? '' : `<p role="alert" class="problem">${escapeHtml(options.problem)}</p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ANIKA · operators</title>
<link rel="icon" href="/docs/icon.svg">
<link rel="stylesheet" href="/admin/login.css">
</head>
<body>
<main>
<h1>ANIKA</h1>
<p>Queues, for operators.</p>
${problem}
<form method="post" action="/admin/login">
<input type="hidden" name="csrf" value="${escapeHtml(options.csrf)}">
${options.challenge === undefined ? passwordFields(options.email) : codeFields(options.challenge)}
<button type="submit">Sign in</button>
</form>
</main>
</body>
</html>
`;
}

function passwordFields(email: string): string {
  return `<label for="email">Email</label>
<input id="email" name="email" type="email" autocomplete="username" required autofocus value="${escapeHtml(email)}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>`;
}

function codeFields(challenge: string): string {
  return `<input type="hidden" name="challenge" value="${escapeHtml(challenge)}">
<label for="code">Code of your app, or a recovery code</label>
<input id="code" name="code" autocomplete="one-time-code" required autofocus>`;
}

export const LOGIN_CSS = `:root { color-scheme: light dark; font-family: system-ui, sans-serif; }
body { display: grid; place-items: center; min-height: 100vh; margin: 0; }
main { width: min(22rem, 90vw); }
form { display: grid; gap: 0.4rem; }
input, button { font: inherit; padding: 0.6rem; border: 1px solid #8888; border-radius: 0.4rem; }
button { margin-top: 0.6rem; background: #1f5eff; color: #fff; border-color: #1f5eff; cursor: pointer; }
.problem { color: #c62828; font-weight: 600; }
`;

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
