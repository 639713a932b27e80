import type { Receiver } from '@anika/testkit/receiver';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient, OPERATOR } from '../apps/api/src/testing/test-client.ts';
import { type Visitor, visit } from './support/browser.ts';
import { type ConsoleStack, startConsoleStack } from './support/console-stack.ts';
import { describeInBrowser } from './support/in-browser.ts';
import { type Recorder, record } from './support/recorder.ts';
import { createTypist, type Typist } from './support/typist.ts';

const PASSWORD = 'Zimniy-Les-42';
const TOPIC = 'Выбор машины';
const PHONE = '+7 900 111-22-33';
const CUSTOMER = 'Мария Орлова';
const MARIA = JSON.stringify({ model: 'Лада Веста', customer: { name: CUSTOMER, phone: PHONE } });
/** Two attempts, a second apart: what fails is given up soon. */
const SETTINGS = { ANIKA_RETRY_SCHEDULE: '0s,1s' };

let stack: ConsoleStack;
let receiver: Receiver;
let browser: Browser;
let url = '';

/** The dealer publishes, in Russian and without a mouse. */
let dealer: Visitor;
let keys: Typist;
/** The bank reads, in English and with the mouse. */
let bank: Visitor;
let seenByBank: Recorder;
let seenByDealer: Recorder;

async function invite(companyName: string, email: string): Promise<string> {
  const client = createClient(url);
  const token = await client.login(OPERATOR.email, OPERATOR.password);
  const body = { email, role: 'admin', companyName };
  const answer = await client.call('POST', '/v1/invitations', { token, body });
  return `/console#invitation=${answer.body.token}`;
}

const fingerprintOn = (page: Page) =>
  page.locator('dd code', { hasText: /^[0-9A-F]{4}(?:-[0-9A-F]{4})+$/i }).textContent();

/** The bank goes by the menu. */
const inMenu = (name: string) =>
  bank.page.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name });

describeInBrowser('a dealer by keyboard and a bank by mouse', (openBrowser) => {
  beforeAll(async () => {
    stack = await startConsoleStack({ openBrowser, settings: SETTINGS });
    ({ url, receiver, browser } = stack);
    dealer = await visit(browser, url, { language: 'ru', theme: 'light' });
    bank = await visit(browser, url, { language: 'en', theme: 'dark' });
    keys = createTypist(dealer.page);
    [seenByDealer, seenByBank] = [await record(dealer.page), await record(bank.page)];
  });
  afterAll(() => stack?.close());

  it('both accept their invitations', async () => {
    const { page } = dealer;
    await page.goto(await invite('АвтоЭкспресс', 'olga@dealer.test'));
    await keys.write(page.getByLabel('Ваше имя'), 'Ольга');
    await keys.write(page.getByLabel('Пароль'), PASSWORD);
    await keys.press(page.getByRole('button', { name: 'Принять' }));
    await page.getByRole('heading', { name: 'Вход' }).waitFor();
    await keys.write(page.getByLabel('Пароль'), PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Обзор' }).waitFor();

    await bank.page.goto(await invite('ExpoBank', 'john@bank.test'));
    await bank.page.getByLabel('Your name').fill('John');
    await bank.page.getByLabel('Password').fill(PASSWORD);
    await bank.page.getByRole('button', { name: 'Accept' }).click();
    await bank.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await bank.page.getByLabel('Password').fill(PASSWORD);
    await bank.page.getByRole('button', { name: 'Sign in' }).click();
    await bank.page.getByRole('heading', { name: 'Overview' }).waitFor();
  });

  it('the dealer opens a topic', async () => {
    const { page } = dealer;
    await keys.press(page.getByRole('link', { name: 'Новый топик' }));
    await keys.write(page.getByLabel('Название'), TOPIC);
    await keys.choose(page.getByLabel('Видимость'), 'в каталоге');
    await keys.press(page.getByRole('button', { name: 'Создать топик' }));
    await page.getByRole('heading', { name: TOPIC }).waitFor();
  });

  it('the bank asks for access', async () => {
    const { page } = bank;
    await inMenu('Catalogue').click();
    const row = page.getByRole('row', { name: TOPIC });
    await row.getByRole('button', { name: 'Ask for access' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Purpose').fill('To offer a loan');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await row.getByText('asked for').waitFor();
  });

  it('the dealer grants it, without the phone', async () => {
    const { page } = dealer;
    await keys.press(page.getByRole('link', { name: 'Обзор' }));
    await keys.press(page.getByRole('link', { name: 'Решить' }));
    await keys.write(page.getByLabel('Типы событий'), 'car.selected');
    await keys.choose(page.getByLabel('Поля'), 'Все, кроме указанных');
    await keys.write(page.getByLabel('Пути'), 'data.customer.phone');
    await keys.press(page.getByRole('button', { name: 'Одобрить на этих условиях' }));
    await page.getByRole('button', { name: 'Изменить разрешение' }).waitFor();
    await page.getByText('Скрыто: data.customer.phone.').first().waitFor();
  });

  it('both read the same fingerprint of the terms', async () => {
    const { page } = bank;
    await inMenu('Access').click();
    await page.getByRole('link', { name: 'Received' }).click();
    await page.getByRole('row', { name: TOPIC }).getByRole('link', { name: TOPIC }).click();
    await page.getByText('Hidden: data.customer.phone.').first().waitFor();
    expect(await fingerprintOn(page)).toBe(await fingerprintOn(dealer.page));
  });

  it('the bank subscribes, and its endpoint is verified', async () => {
    const { page } = bank;
    await inMenu('Subscriptions').click();
    await page.getByRole('link', { name: 'Subscribe', exact: true }).first().click();
    await page.getByLabel('Topic').selectOption({ label: `${TOPIC} · АвтоЭкспресс` });
    await page.getByLabel('Endpoint').fill(receiver.url);
    await page.getByLabel('What you call it').fill('Loans');
    await page.getByRole('button', { name: 'Subscribe' }).click();
    await page.getByRole('heading', { name: 'Loans' }).getByText('active').waitFor();
  });

  async function publish(type: string): Promise<void> {
    const { page } = dealer;
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Страница, действие' }).waitFor();
    await page.keyboard.insertText('Выбор');
    await page.locator('[role=option]', { hasText: TOPIC }).waitFor();
    await page.keyboard.press('Enter');
    await keys.press(page.getByRole('link', { name: 'Публикация' }));
    await keys.write(page.getByLabel('Тип'), type);
    await keys.write(page.getByLabel('Данные'), MARIA);
    await keys.press(page.getByRole('button', { name: 'Опубликовать' }));
    await page.getByRole('heading', { name: 'Принято и сохранено' }).waitFor();
  }

  it('a message is published, and both see it delivered', async () => {
    await bank.page.getByRole('button', { name: 'Live tail' }).click();
    const tail = bank.page.getByRole('complementary', { name: 'Live tail' });
    await tail.getByText('live', { exact: true }).waitFor();
    await publish('car.selected');
    await dealer.page.getByRole('row', { name: 'ExpoBank' }).getByText('доставлено').waitFor();
    await tail.getByRole('link', { name: 'delivered' }).waitFor();
    await tail.getByRole('button', { name: 'Close the live tail' }).click();
    const [request] = await receiver.waitFor(1);
    expect(request?.rawBody).toContain(CUSTOMER);
    expect(request?.rawBody).not.toContain(PHONE);

    const { page } = bank;
    await inMenu('Deliveries').click();
    const row = page.getByRole('row', { name: 'car.selected' });
    await row.getByText('delivered').waitFor();
    await row.getByRole('link', { name: 'car.selected' }).click();
    await page.getByRole('heading', { name: 'car.selected' }).waitFor();
    await page.getByRole('link', { name: 'car.selected' }).click();
    await page.getByRole('link', { name: 'Tree' }).click();
    await page.getByText(CUSTOMER).waitFor();
  });

  it('the dealer asks why the bank did not get another one', async () => {
    const { page } = dealer;
    await publish('car.returned');
    await keys.press(page.getByRole('link', { name: /^msg_/ }));
    await keys.press(page.getByRole('link', { name: 'Почему' }));
    const rule = page.getByRole('listitem').filter({ hasText: 'Разрешение охватывает тип' });
    await rule.getByText('нет', { exact: true }).waitFor();
  });

  it('what the bank did not take is a dead letter, and is sent again', async () => {
    receiver.respondWith(() => ({ status: 503 }));
    await publish('car.selected');
    await dealer.page.getByRole('row', { name: 'ExpoBank' }).getByText('не доставлено').waitFor();
    const { page } = bank;
    await inMenu('Dead letters').click();
    await page.getByText('last answer: 503').waitFor();
    receiver.respondWith(() => ({ status: 204 }));
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send again' }).click();
    await page.getByText('No dead letters').waitFor();
    await inMenu('Deliveries').click();
    await page.getByRole('row', { name: 'car.selected' }).nth(1).getByText('delivered').waitFor();
    await page.getByRole('row', { name: 'car.selected' }).first().getByText('delivered').waitFor();
  });

  it('the bank has everything sent once more', async () => {
    const { page } = bank;
    const before = receiver.received.length;
    await inMenu('Subscriptions').click();
    await page.getByRole('link', { name: 'Loans' }).click();
    await page.getByRole('link', { name: 'Replay' }).click();
    await page.getByLabel('Which').selectOption({ label: 'all, delivered ones too' });
    await page.getByRole('button', { name: 'Count first' }).click();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('heading', { level: 1 }).getByText('done').waitFor();
    await receiver.waitFor(before + 2);
  });

  it('both read the same fingerprint of the receipt', async () => {
    const { page } = dealer;
    await keys.press(page.getByRole('link', { name: 'Сверка' }));
    await keys.choose(page.getByLabel('Топик'), TOPIC);
    await keys.choose(page.getByLabel('Читатель'), 'ExpoBank');
    await page.getByText('Сумма сходится').waitFor();
    await inMenu('Receipts').click();
    await bank.page.getByLabel('Topic').selectOption({ label: `${TOPIC} · АвтоЭкспресс` });
    await bank.page.getByText('The sum closes').waitFor();
    const prints = async () => [await fingerprintOn(bank.page), await fingerprintOn(page)];
    const [print] = await prints();
    expect(print).toMatch(/^[0-9A-F]{4}-/i);
    await expect.poll(prints).toEqual([print, print]);
  });

  it('nothing of the phone is anywhere in the browser of the bank', async () => {
    const [ofBank, ofDealer] = [await seenByBank.everything(), await seenByDealer.everything()];
    const spellings = [PHONE, PHONE.replaceAll(/\D/g, ''), encodeURIComponent(PHONE)];
    expect(ofBank.includes(CUSTOMER)).toBe(true);
    expect(spellings.filter((one) => ofBank.includes(one))).toEqual([]);
    // Whoever may see it finds it in the same way.
    expect(ofDealer.includes(PHONE)).toBe(true);
  });

  it('neither browser complained of anything', () => {
    expect([...dealer.complaints(), ...bank.complaints()]).toEqual([]);
  });
});
