import type { Receiver } from '@anika/testkit/receiver';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD } from '../apps/api/src/testing/test-client.ts';
import { expectSound, signIn, type Visitor, visit } from './support/browser.ts';
import { type ConsoleStack, startConsoleStack } from './support/console-stack.ts';
import { describeInBrowser } from './support/in-browser.ts';
import { createScene } from './support/scene.ts';

const SETTINGS = { ANIKA_RETRY_SCHEDULE: '0s,1s' };
const COUNT = 4;

let stack: ConsoleStack;
let receiver: Receiver;
let browser: Browser;
let url = '';
let scene: Awaited<ReturnType<typeof createScene>>;
let subscriptionId = '';
let messageId = '';

/** The reader, in English. */
async function enter(): Promise<Visitor> {
  const visitor = await visit(browser, url, { language: 'en', theme: 'light' });
  await signIn(visitor, scene.reader.adminEmail, PASSWORD);
  return visitor;
}

const focused = (page: Page) => page.locator(':focus');

describeInBrowser('the console', (openBrowser) => {
  beforeAll(async () => {
    stack = await startConsoleStack({
      openBrowser,
      settings: SETTINGS,
      respond: () => ({ status: 503 }),
    });
    ({ url, receiver, browser } = stack);
    scene = await createScene(url);
    const subscription = await scene.subscribe(receiver, { description: 'Loans' });
    subscriptionId = subscription.id;
    for (let n = 0; n < COUNT; n += 1) messageId = await scene.publish({ n, word: 'hovercraft' });
  });
  afterAll(() => stack?.close());

  describe('its keys', () => {
    it('go through a list, open a row, go on to its neighbours, and copy an id', async () => {
      const { page, close } = await enter();
      await page.keyboard.press('g');
      await page.keyboard.press('d');
      await page.getByRole('heading', { name: 'Deliveries', level: 1, exact: true }).waitFor();
      const rows = page.locator('tbody > tr');
      await expect.poll(() => rows.count()).toBe(COUNT);
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('k');
      await rows.first().and(focused(page)).waitFor();
      const id = await rows.first().getAttribute('data-key');
      await page.keyboard.press('y');
      await page.getByText(`Copied: ${id}`).waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(id);

      await page.keyboard.press('Enter');
      await page.waitForURL(`**/deliveries/${id}`);
      await page.getByText(`1 of ${COUNT}`).waitFor();
      await page.keyboard.press(']');
      await page.getByText(`2 of ${COUNT}`).waitFor();
      expect(page.url()).not.toContain(id);
      await page.keyboard.press('[');
      await page.waitForURL(`**/deliveries/${id}`);
      await close();
    });

    it('select rows and try them again', async () => {
      const { page, close } = await enter();
      await page.goto('/console/deliveries?state=dead');
      const rows = page.locator('tbody > tr');
      await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(COUNT);
      for (const key of ['j', 'x', 'j', 'x', 'r']) await page.keyboard.press(key);
      const dialog = page.getByRole('dialog', { name: 'Try the selected deliveries again' });
      await dialog.getByText('2 of 2 selected are sent again now').waitFor();
      const before = receiver.received.length;
      await dialog.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('2 deliveries started again').waitFor();
      await receiver.waitFor(before + 2);
      await close();
    });

    it('are the same on a Russian keyboard, and go to the filter', async () => {
      const { page, close } = await enter();
      const press = (key: string, code: string) =>
        page.evaluate(
          `document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: '${key}', code: '${code}', bubbles: true, cancelable: true }))`,
        );
      await press('п', 'KeyG');
      await press('ь', 'KeyM');
      const words = page.getByLabel('Words in the data');
      await words.waitFor();
      await press('.', 'Slash');
      await words.and(focused(page)).waitFor();
      await close();
    });

    it('mean nothing where somebody writes, in a dialog, or when they are switched off', async () => {
      const { page, close } = await enter();
      await page.goto('/console/messages');
      await page.getByLabel('Words in the data').focus();
      await page.keyboard.type('gd?t');
      await expect.poll(() => page.getByLabel('Words in the data').inputValue()).toBe('gd?t');
      expect(page.url()).toMatch(/messages$/);

      await page.getByRole('heading', { name: 'Messages' }).focus();
      await page.keyboard.press('?');
      const sheet = page.getByRole('dialog', { name: 'Keys' });
      await sheet.getByText('live tail at the bottom').waitFor();
      await page.keyboard.press('t');
      await sheet.getByLabel('Single letters are keys').uncheck();
      await page.keyboard.press('Escape');
      await sheet.waitFor({ state: 'detached' });
      const tail = page.getByRole('complementary', { name: 'Live tail' });
      expect(await tail.count()).toBe(0);
      for (const key of ['t', 'g', 'd', '?']) await page.keyboard.press(key);
      await page.evaluate(
        'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))',
      );
      expect(await page.getByRole('dialog').count()).toBe(0);
      expect(page.url()).toMatch(/messages$/);
      // Of the tail, which is loaded first, it is seen by its opening with the next key: had one opened it, this closes it.
      await page.getByRole('button', { name: 'Keys' }).click();
      await sheet.getByLabel('Single letters are keys').check();
      await page.keyboard.press('Escape');
      await sheet.waitFor({ state: 'detached' });
      await page.keyboard.press('t');
      await tail.waitFor();
      await close();
    });

    it('open the live tail on any page, which holds still for who reads in it', async () => {
      const visitor = await enter();
      const { page, close } = visitor;
      await page.keyboard.press('t');
      const tail = page.getByRole('complementary', { name: 'Live tail' });
      await tail.getByText('live', { exact: true }).waitFor();
      for (let n = 0; n < 12; n += 1) await scene.publish({ n });
      await tail.getByRole('row').nth(12).waitFor();
      await expectSound(visitor);
      await tail.getByRole('region', { name: 'Live' }).hover();
      await page.mouse.wheel(0, 200);
      await tail.getByRole('button', { name: /^Go on/ }).waitFor();
      await scene.publish({ n: 'more' });
      await tail.getByRole('button', { name: /^Go on: \d+ new$/ }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('heading', { name: 'Overview' }).focus();
      await page.keyboard.press('t');
      await tail.waitFor({ state: 'detached' });
      await close();
    });
  });

  describe('its palette', () => {
    async function open(page: Page, entered: string): Promise<void> {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: /Page, action/ }).fill(entered);
    }

    it('finds pages, things by their names, messages by their words, and says how many', async () => {
      const visitor = await enter();
      const { page, close } = visitor;
      await open(page, 'loans');
      await page
        .getByRole('group', { name: 'Subscriptions' })
        .getByRole('option', { name: 'Loans' })
        .waitFor();
      await expectSound(visitor);
      await open(page, 'hovercraft');
      const messages = page.getByRole('group', { name: 'Messages' }).getByRole('option');
      await expect.poll(() => messages.count()).toBe(COUNT + 1);
      await page
        .getByRole('status')
        .getByText(`${COUNT + 1} results.`)
        .waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL('**/messages/msg_*');
      // Typed with the other keyboard: deliveries.
      await open(page, 'вудшмукшуы');
      await page.getByRole('option', { name: 'Deliveries' }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Deliveries', level: 1, exact: true }).waitFor();
      await close();
    });

    it('leads every id to its page', async () => {
      const { page, close } = await enter();
      const { client, owner, reader, topicId } = scene;
      const call = async (method: string, route: string, body?: object, token = reader.token) =>
        (await client.call(method, route, { token, ...(body !== undefined && { body }) })).body;
      const first = async (route: string) => (await call('GET', route)).items[0];
      const other = await call('POST', '/v1/topics', { name: 'Other', visibility: 'listed' }, owner.token);
      const request = await call('POST', `/v1/topics/${other.id}/access-requests`, { purpose: 'why not' });
      const from = new Date(Date.now() - 60_000).toISOString();
      const replay = await call('POST', `/v1/subscriptions/${subscriptionId}/replays`, { from, only: 'all' });
      const delivery = await first('/v1/deliveries');
      const key = await call('POST', '/v1/api-keys', { name: 'key', scopes: ['read'] });
      const invitation = await call('POST', '/v1/invitations', { email: 'anna@bank.test', role: 'viewer' });
      const pages: readonly (readonly [string, string])[] = [
        [topicId, `/topics/${topicId}`],
        [subscriptionId, `/subscriptions/${subscriptionId}`],
        [messageId, `/messages/${messageId}`],
        [delivery.id, `/deliveries/${delivery.id}`],
        [`${delivery.id}_g1`, `/deliveries/${delivery.id}`],
        [(await first('/v1/grants')).id, `/access/${topicId}/${reader.id}`],
        [request.id, '/access?tab=out'],
        [replay.id, `/replays/${replay.id}`],
        [owner.id, `/access?partner=${owner.id}`],
        [reader.id, '/developers'],
        [key.id, '/settings?tab=keys'],
        [invitation.id, '/settings?tab=people'],
        [(await first('/v1/users')).id, '/settings'],
        [(await first('/v1/auth/sessions')).id, '/settings'],
      ];
      for (const [id, page_] of pages) {
        await open(page, id);
        await page.getByRole('group', { name: 'By its id' }).getByRole('option').waitFor();
        await page.keyboard.press('Enter');
        await page.waitForURL((at) => at.pathname + at.search === `/console${page_}`);
      }
      await close();
    });

    it('does what can be done: on the page, and with the console', async () => {
      const { page, close } = await enter();
      await page.goto(`/console/subscriptions/${subscriptionId}`);
      await page.getByRole('button', { name: 'Pause' }).waitFor();
      await open(page, 'pause');
      await page.getByRole('option', { name: 'Pause', exact: true }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await open(page, 'русский');
      await page.getByRole('option', { name: /Русский$/ }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'Доставки' }).first().waitFor();
      await close();
    });

    it('looks up nothing that opens something', async () => {
      const { page, close } = await enter();
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url() + (request.postData() ?? '')));
      await page.clock.install();
      await open(page, 'whsec_c2VjcmV0LXRoYXQtb3BlbnM=');
      await page.getByText('This looks like a key or a secret').waitFor();
      // It would be looked up a quarter of a second later; what is typed next is, and after it.
      await page.clock.runFor(1000);
      const lookedUp = page.waitForRequest((request) => request.url().includes('harmless'));
      await page.getByRole('combobox', { name: /Page, action/ }).fill('harmless');
      await page.clock.runFor(1000);
      await lookedUp;
      await page.keyboard.press('Escape');
      expect(asked.filter((one) => one.includes('c2VjcmV0'))).toEqual([]);
      await close();
    });

    it('nothing of one thing stays for the next', async () => {
      const { page, close } = await enter();
      const other = await scene.subscribe(receiver, { description: 'Insurance' });
      await page.goto(`/console/subscriptions/${subscriptionId}?tab=settings`);
      await page.getByLabel('What you call it').fill('half written');
      await page.evaluate(`history.pushState({}, '', '/console/subscriptions/${other.id}?tab=settings')`);
      await page.getByRole('heading', { name: 'Insurance' }).waitFor();
      await expect.poll(() => page.getByLabel('What you call it').inputValue()).toBe('Insurance');
      await close();
    });
  });
});
