import { startTestSmtp } from '@anika/mail/test-smtp';
import { expect, it, onTestFinished } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';

async function opened() {
  const smtp = await startTestSmtp();
  const api = await startTestApi({
    ANIKA_SMTP_URL: smtp.url,
    ANIKA_MAIL_FROM: 'ANIKA <anika@broker.example>',
  });
  onTestFinished(async () => {
    await api.close();
    await smtp.close();
  });
  const { token } = await api.createPartner();
  const invite = (email: string) =>
    api.call('POST', '/v1/invitations', { token, body: { email, role: 'developer' } });
  return { smtp, api, token, invite };
}

it('an invitation is mailed to who is invited, with a token that works', async () => {
  const { smtp, api, invite } = await opened();
  const invited = await invite('anna@bank.example');
  expect(invited.status).toBe(201);
  await expect.poll(() => smtp.mails.length).toBe(1);
  const [mail] = smtp.mails;
  expect(mail?.to).toEqual(['anna@bank.example']);
  const token = mail?.text.match(/^\S{20,}$/m)?.[0];
  expect(token).toBe(invited.body.token);
  const body = { token, name: 'Анна', password: 'a long enough password' };
  expect((await api.call('POST', '/v1/invitations/accept', { body })).status).toBe(202);
});

it('one address gets few of them, however often it is invited', async () => {
  const { smtp, api, token, invite } = await opened();
  for (let n = 0; n < 8; n += 1) {
    const { status, body } = await invite('anna@bank.example');
    expect(status).toBe(201);
    await api.call('DELETE', `/v1/invitations/${body.id}`, { token });
  }
  expect((await invite('other@bank.example')).status).toBe(201);
  await expect.poll(() => smtp.mails.flatMap(({ to }) => to)).toContain('other@bank.example');
  // Each is sent by itself: the last may overtake those before.
  await expect.poll(() => smtp.mails.filter(({ to }) => to[0] === 'anna@bank.example').length).toBe(5);
});
