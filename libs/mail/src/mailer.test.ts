import { createLogger } from '@anika/runtime/logger';
import { expect, it, onTestFinished } from 'vitest';
import { createMailer } from './mailer.ts';
import { createPostbox } from './postbox.ts';
import { parseSmtpUrl } from './smtp-url.ts';
import { startTestSmtp } from './test-smtp.ts';

const FROM = 'ANIKA <anika@broker.example>';
const logger = createLogger({ name: 'test', level: 'silent' });
const mail = (to: string) => ({ to, subject: 'Приглашение', text: 'Здравствуйте!\n', id: 'm1' });

async function server(options: Parameters<typeof startTestSmtp>[0] = {}) {
  const smtp = await startTestSmtp(options);
  onTestFinished(() => smtp.close());
  return smtp;
}

function mailerTo(url: string) {
  const parsed = parseSmtpUrl(url);
  if (parsed === undefined) throw new Error('no address');
  const mailer = createMailer(parsed, FROM);
  onTestFinished(() => mailer.close());
  return mailer;
}

it('a mail arrives as it was written, with its own id and marked as sent by a machine', async () => {
  const smtp = await server();
  expect(await mailerTo(smtp.url).send(mail('anna@bank.example'))).toBe('sent');
  const [got] = smtp.mails;
  expect(got?.to).toEqual(['anna@bank.example']);
  expect(got?.text.trim()).toBe('Здравствуйте!');
  expect(got?.raw).toMatch(/^From: ANIKA <anika@broker.example>/m);
  expect(got?.raw).toMatch(/^Message-ID: <m1@broker.example>/m);
  expect(got?.raw).toMatch(/^Auto-Submitted: auto-generated/m);
});

it('an address or a subject that holds others, or headers, goes to nobody else', async () => {
  const smtp = await server();
  const mailer = mailerTo(smtp.url);
  await mailer
    .send({ ...mail('a@x.example, b@x.example'), subject: 'x\r\nBcc: c@x.example' })
    .catch(() => undefined);
  expect(smtp.mails.flatMap(({ to }) => to)).not.toContain('b@x.example');
  expect(smtp.mails.flatMap(({ to }) => to)).not.toContain('c@x.example');
  expect(smtp.mails.map(({ raw }) => raw).join()).not.toMatch(/^Bcc:/m);
});

it('who is unknown is refused for good, who is busy may be tried again', async () => {
  const refusing = (code: number) =>
    server({
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no'), { responseCode: code })),
    });
  const [gone, busy] = [await refusing(550), await refusing(451)];
  expect(await mailerTo(gone.url).send(mail('nobody@x.example'))).toBe('refused');
  const later = await mailerTo(busy.url)
    .send(mail('later@x.example'))
    .catch((error: unknown) => error);
  expect(String(later)).toMatch(/EENVELOPE.* 451$/);
  expect(JSON.stringify([later, Object.entries(later as object)])).not.toContain('later@x.example');
});

it('a password leaves this machine over TLS only', async () => {
  const smtp = await server({ onAuth: (_auth, _session, done) => done(null, { user: 'bot' }) });
  const mailer = createMailer(
    // Reaches this machine, and does not say so.
    { host: '0.0.0.0', port: smtp.port, secure: false, auth: { user: 'bot', pass: 'p' } },
    FROM,
  );
  onTestFinished(() => mailer.close());
  await expect(mailer.send(mail('a@x.example'))).rejects.toThrow(/ETLS|STARTTLS/);
  expect(await mailerTo(smtp.url.replace('//', '//bot:p@')).send(mail('a@x.example'))).toBe('sent');
});

it('the postbox tries again when the server is away, and gives up in the end', async () => {
  const away = await startTestSmtp();
  await away.close();
  const postbox = createPostbox({ mailer: mailerTo(away.url), logger, againMs: [50, 50, 50, 50] });
  postbox.post({ ...mail('anna@bank.example'), about: 'test' });
  const back = await server({ port: away.port });
  await expect.poll(() => back.mails.length).toBe(1);
  await postbox.close();

  const none = createPostbox({ mailer: mailerTo('smtp://127.0.0.1:1'), logger, againMs: [1] });
  none.post({ ...mail('anna@bank.example'), about: 'test' });
  await none.close();
});
