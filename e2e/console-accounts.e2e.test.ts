import { startTestSmtp, type TestSmtp } from '@anika/mail/test-smtp';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeOf, setUpFactor } from '../apps/api/src/testing/authenticator.ts';
import { createClient, OPERATOR, PASSWORD, type TestPartner } from '../apps/api/src/testing/test-client.ts';
import { expectSound, type Look, signIn, type Visitor, visit } from './support/browser.ts';
import { describeInBrowser } from './support/in-browser.ts';
import { type Program, startProgram } from './support/program.ts';

const NEXT = 'Zimniy-Les-42';
const RU: Look = { language: 'ru', theme: 'dark' };
const EN: Look = { language: 'en', theme: 'light' };

let databases: TestDatabases;
let smtp: TestSmtp;
let program: Program;
let browser: Browser;
let client: ReturnType<typeof createClient>;

async function newUser(partner: TestPartner, role: 'admin' | 'viewer' = 'viewer'): Promise<string> {
  const email = `${crypto.randomUUID()}@partner.test`;
  await client.createUser(partner.token, { email, role });
  return email;
}

const guest = (look: Look) => visit(browser, program.url, look);

/** Told again by the browser of each 401 and 422 that a form is answered with. */
async function sound(visitor: Visitor): Promise<void> {
  visitor.complaints();
  await expectSound(visitor);
}

/** Writes into what has the focus, once something has. */
async function type(page: Page, text: string): Promise<void> {
  await page.locator('input:focus').waitFor();
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

/** With what is in the fields that have the focus, one after the other. */
async function enter(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.locator(`input[name=${name}]`).fill(value);
  await page.keyboard.press('Enter');
}

describeInBrowser('the console', (openBrowser) => {
  beforeAll(async () => {
    [databases, smtp] = await Promise.all([createTestDatabases(), startTestSmtp()]);
    program = await startProgram('api', { databases, settings: { ANIKA_SMTP_URL: smtp.url } });
    client = createClient(program.url);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await program?.stop();
    await smtp?.close();
    await databases?.drop();
  });

  it('sends who has forgotten the password a link, by which a new one is set; by keyboard alone', async () => {
    const email = await newUser(await client.createPartner());
    const visitor = await guest(RU);
    const { page } = visitor;
    await page.goto('/console');
    await page.getByRole('button', { name: 'Забыли пароль?' }).press('Enter');
    await page.getByRole('heading', { name: 'Забытый пароль' }).waitFor();
    await sound(visitor);
    await type(page, email);
    await page.getByText('ссылка уже в пути').waitFor();
    await sound(visitor);

    const link = await eventually(async () => {
      const mail = smtp.mails.find(({ to, text }) => to.includes(email) && text.includes('#reset='));
      return /#reset=anp_[\w-]+/.exec(mail?.text ?? '')?.[0];
    });
    await page.goto('about:blank');
    await page.goto(`/console/${link}`);
    await page.getByRole('heading', { name: 'Новый пароль' }).waitFor();
    await sound(visitor);
    await type(page, NEXT);
    await page.getByRole('heading', { name: 'Вход' }).waitFor();
    expect(page.url()).not.toContain('anp_');
    await enter(page, { email, password: NEXT });
    await page.getByRole('heading', { name: 'Обзор' }).waitFor();

    await page.context().clearCookies();
    await page.goto('about:blank');
    await page.goto(`/console/${link}`);
    await enter(page, { password: NEXT });
    await page.getByText('Ссылка больше не действует').waitFor();
    await visitor.close();
  });

  it('sets up a second factor, asks for it at the next sign-in, takes a recovery code, and ends it', async () => {
    const email = await newUser(await client.createPartner());
    const visitor = await guest(EN);
    const { page } = visitor;
    await signIn(visitor, email, PASSWORD);
    await page.goto('/console/settings');
    await page.getByRole('button', { name: 'Set it up' }).press('Enter');
    await type(page, PASSWORD);
    await page.getByRole('img', { name: 'QR code with the secret for the app' }).waitFor();
    await sound(visitor);
    const secret = await page.locator('code', { hasText: /^[A-Z2-7]{32}$/ }).textContent();
    await type(page, codeOf(secret ?? '', Date.now() - 30_000));
    const codes = page.getByRole('list', { name: 'Recovery codes' });
    await codes.waitFor();
    await sound(visitor);
    const [recovery = ''] = await codes.locator('code').allTextContents();
    await page.locator('.note:focus').waitFor();
    await page.getByRole('button', { name: 'I have kept them' }).press('Enter');
    await page.getByText('Recovery codes left').waitFor();
    await page.locator('h1:focus').waitFor();
    await sound(visitor);

    await page.getByRole('button', { name: 'Sign out' }).press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await enter(page, { email, password: PASSWORD });
    await page.getByText('This account has a second factor.').waitFor();
    await sound(visitor);
    await type(page, '000000');
    await page.getByText('This code is wrong, or was used before.').waitFor();
    await enter(page, { code: codeOf(secret ?? '', Date.now()) });
    await page.getByRole('heading', { name: 'Settings' }).waitFor();

    await page.getByRole('button', { name: 'Sign out' }).press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await enter(page, { email, password: PASSWORD });
    await page.getByRole('button', { name: 'Use a recovery code' }).press('Enter');
    await enter(page, { recoveryCode: recovery });
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await page.goto('/console/settings');
    await page.getByRole('button', { name: 'End it' }).press('Enter');
    await enter(page, { password: PASSWORD });
    await page.getByRole('button', { name: 'Set it up' }).waitFor();
    await visitor.close();
  });

  it('asks for the second factor over a page whose session has ended, and loses nothing of it', async () => {
    const partner = await client.createPartner();
    const app = await setUpFactor(client, partner.token, PASSWORD);
    const visitor = await guest(EN);
    const { page } = visitor;
    await page.goto('/console');
    await enter(page, { email: partner.adminEmail, password: PASSWORD });
    await enter(page, { code: app.code() });
    await page.locator('.shell main h1').waitFor();
    await page.goto('/console/topics/new');
    await page.getByLabel('Name').fill('Half written');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Create the topic' }).click();
    const dialog = page.getByRole('dialog', { name: 'The session has ended' });
    await dialog.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Use a recovery code' }).press('Enter');
    await dialog.getByLabel('Recovery code').fill(app.recoveryCodes[0] ?? '');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => page.getByLabel('Name').inputValue()).toBe('Half written');
    await visitor.close();
  });

  it('shows who lacks a demanded second factor nothing but setting it up, also when it is demanded meanwhile', async () => {
    const partner = await client.createPartner();
    await setUpFactor(client, partner.token, PASSWORD);
    const email = await newUser(partner);
    const visitor = await guest(RU);
    const { page } = visitor;
    await signIn(visitor, email, PASSWORD);
    const demand = { token: partner.token, body: { secondFactorRequired: true } };
    await client.call('PATCH', `/v1/partners/${partner.id}`, demand);
    await page.getByRole('heading', { name: 'Настройте второй фактор' }).waitFor();
    await sound(visitor);
    expect(await page.locator('.sidebar').count()).toBe(0);
    await page.goto('/console/topics');
    await page.getByRole('heading', { name: 'Настройте второй фактор' }).waitFor();
    await enter(page, { password: PASSWORD });
    const secret = await page.locator('code', { hasText: /^[A-Z2-7]{32}$/ }).textContent();
    await enter(page, { code: codeOf(secret ?? '', Date.now()) });
    await page.getByRole('button', { name: 'Сохранено' }).click();
    await page.getByRole('heading', { name: 'Топики' }).waitFor();
    await visitor.close();
  });

  it('lets an admin demand it once there is one of their own, make a link, and take a lost factor off', async () => {
    const partner = await client.createPartner();
    const email = await newUser(partner);
    await setUpFactor(client, await client.login(email, PASSWORD), PASSWORD);
    const visitor = await guest(EN);
    const { page } = visitor;
    await signIn(visitor, partner.adminEmail, PASSWORD);
    await page.goto('/console/settings?tab=people');
    const demand = page.getByRole('button', { name: 'Demand it of everybody' });
    await expect.poll(() => demand.getAttribute('aria-disabled')).toBe('true');
    const row = page.getByRole('row', { name: email });
    await row.getByRole('button', { name: 'Link for a new password' }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Link for a new password' }).press('Enter');
    const link = await dialog.locator('code', { hasText: '#reset=anp_' }).textContent();
    await sound(visitor);
    await page.keyboard.press('Escape');
    await row.getByRole('button', { name: 'Take the second factor off' }).press('Enter');
    await dialog.getByRole('button', { name: 'Take the second factor off' }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await row.getByText('off', { exact: true }).waitFor();
    const token = /anp_[\w-]+/.exec(link ?? '')?.[0];
    // The link is of the credentials of before, as is everything else of that user.
    const reset = { token, password: NEXT };
    expect((await client.call('POST', '/v1/auth/password/reset', { body: reset })).status).toBe(404);
    await visitor.close();
  });

  it('lets an operator open the way in of an admin again, and see nobody else', async () => {
    const partner = await client.createPartner(`Салон ${crypto.randomUUID()}`);
    const email = await newUser(partner);
    const visitor = await guest(EN);
    const { page } = visitor;
    await signIn(visitor, OPERATOR.email, OPERATOR.password);
    await page.goto('/console/partners');
    await page
      .getByRole('row', { name: partner.name })
      .getByRole('button', { name: 'Administrators' })
      .press('Enter');
    const dialog = page.getByRole('dialog', { name: `Administrators of ${partner.name}` });
    await dialog.getByText(partner.adminEmail).waitFor();
    await sound(visitor);
    expect(await dialog.getByText(email).count()).toBe(0);
    await dialog.getByRole('button', { name: 'Link for a new password' }).press('Enter');
    const inner = page.getByRole('dialog', { name: `A new password for ${partner.adminEmail}` });
    await inner.getByRole('button', { name: 'Link for a new password' }).press('Enter');
    const link = await inner.locator('code', { hasText: '#reset=anp_' }).textContent();
    const reset = { token: /anp_[\w-]+/.exec(link ?? '')?.[0], password: NEXT };
    expect((await client.call('POST', '/v1/auth/password/reset', { body: reset })).status).toBe(204);
    await client.login(partner.adminEmail, NEXT);
    await visitor.close();
  });
});
