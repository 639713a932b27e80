import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

// What docs/webhooks.md shows in JavaScript and Python verifies the request that it shows, and no other.

const page = readFileSync(new URL('../../../../docs/webhooks.md', import.meta.url), 'utf8');

function codeWith(language: string, part: string): string {
  const blocks = [...page.matchAll(/```(\w+)\n(.*?)```/gs)];
  const code = blocks.find(([, name, text = '']) => name === language && text.includes(part))?.[2];
  if (code === undefined) throw new Error(`docs/webhooks.md has no ${language} with ${part}`);
  return code;
}

function matchOf(pattern: RegExp): string {
  const found = pattern.exec(page)?.[1];
  if (found === undefined) throw new Error(`docs/webhooks.md has nothing like ${pattern}`);
  return found;
}

const [head = '', body = ''] = codeWith('http', 'POST ').trim().split('\n\n');
const headers = Object.fromEntries(
  head
    .split('\n')
    .slice(1)
    .map((line) => line.split(': ') as [string, string]),
);
const ed25519 = { ...headers, 'webhook-signature': matchOf(/^webhook-signature: (v1a,\S+)$/m) };
const secret = matchOf(/for the secret `(whsec_[^`]+)`/);
const key: unknown = JSON.parse(matchOf(/signed with the key `(\{[^`]+\})`/));
const sentAt = Number(headers['webhook-timestamp']);
const forged = body.replace('1749000', '1');

function run(command: string, args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(command, args, { cwd: import.meta.dirname, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

const hasPython = spawnSync('python3', ['--version']).status === 0;
const hasCryptography = hasPython && spawnSync('python3', ['-c', 'import cryptography']).status === 0;

/** What a report shows where it could not be tried. */
const orSkipped = (isThere: boolean, what: string) =>
  isThere ? '' : ` (NOT TRIED: ${what} is not installed here)`;

/** JSON is a literal of JavaScript, and of Python where it has no true, false or null. */
const literal = (value: unknown) => JSON.stringify(value);

describe.each([
  ['as it was sent', body, sentAt, true],
  ['with another body', forged, sentAt, false],
  ['some minutes later', body, sentAt + 301, false],
])('a request %s', (_title, text, atSeconds, isGood) => {
  it('a shared secret in JavaScript', () => {
    const program = `${codeWith('js', 'new Webhook(')}`.replace(
      'const event',
      `Date.now = () => ${atSeconds * 1000};
      const secret = ${literal(secret)};
      const rawBody = Buffer.from(${literal(text)});
      const request = { headers: ${literal(headers)} };
      process.on('uncaughtException', ({ name }) => console.log(name));
      const event`,
    );
    const shown = `console.log(JSON.stringify(event));`;
    const printed = run(process.execPath, ['--input-type=module', '-e', program + shown]);
    expect(printed).toBe(isGood ? JSON.stringify(JSON.parse(text)) : 'WebhookVerificationError');
  });

  it('ed25519 in JavaScript', () => {
    const program = `${codeWith('js', 'isOurs(')}
      Date.now = () => ${atSeconds * 1000};
      console.log(isOurs([${literal(key)}], ${literal(ed25519)}, Buffer.from(${literal(text)})));`;
    expect(run(process.execPath, ['--input-type=module', '-e', program])).toBe(`${isGood}`);
  });

  it.skipIf(!hasPython)(`a shared secret in Python${orSkipped(hasPython, 'python3')}`, () => {
    const program = `${codeWith('python', 'def verify(')}
time.time = lambda: ${atSeconds}
try:
    verify(${literal(secret)}, ${literal(headers)}, ${literal(text)}.encode())
    print("true")
except ValueError:
    print("false")`;
    expect(run('python3', ['-c', program])).toBe(`${isGood}`);
  });

  it.skipIf(!hasCryptography)(
    `ed25519 in Python${orSkipped(hasCryptography, 'its package cryptography')}`,
    () => {
      const program = `${codeWith('python', 'def is_ours(')}
time.time = lambda: ${atSeconds}
print(str(is_ours([${literal(key)}], ${literal(ed25519)}, ${literal(text)}.encode())).lower())`;
      expect(run('python3', ['-c', program])).toBe(`${isGood}`);
    },
  );
});
