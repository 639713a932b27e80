import { eventually } from '@anika/testkit/eventually';
import type { Receiver } from '@anika/testkit/receiver';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OPERATOR, PASSWORD } from '../apps/api/src/testing/test-client.ts';
import { expectSound, type Look, signIn, type Visitor, visit } from './support/browser.ts';
import { type ConsoleStack, startConsoleStack } from './support/console-stack.ts';
import { describeInBrowser } from './support/in-browser.ts';
import { createScene } from './support/scene.ts';

const RU: Look = { language: 'ru', theme: 'light' };
const EN: Look = { language: 'en', theme: 'dark' };
const MESSAGES = 7;

let stack: ConsoleStack;
let receiver: Receiver;
let browser: Browser;
let url = '';
let scene: Awaited<ReturnType<typeof createScene>>;
let subscriptionId = '';
let messageId = '';

async function counted(): Promise<void> {
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const query = `scope=topic&id=${scene.topicId}&from=${from}&to=${new Date(Date.now() + 60_000).toISOString()}`;
  await eventually(async () => {
    const { body } = await scene.client.call('GET', `/v1/stats?${query}`, { token: scene.owner.token });
    const sum = body.delivered.reduce((a: number, b: number) => a + b, 0);
    return sum === MESSAGES || undefined;
  });
}

async function enter(look: Look, email: string, password = PASSWORD): Promise<Visitor> {
  const visitor = await visit(browser, url, look);
  await signIn(visitor, email, password);
  return visitor;
}

const search = (page: Page) => new URL(page.url()).searchParams;
const inZone = (page: Page, zone: string) =>
  page.waitForURL((address) => address.searchParams.get('zone') === zone);

describeInBrowser('figures in the console', (openBrowser) => {
  beforeAll(async () => {
    stack = await startConsoleStack({ openBrowser, dispatcher: { ANIKA_STATS_SECONDS: '1' } });
    ({ url, receiver, browser } = stack);
    scene = await createScene(url);
    subscriptionId = (await scene.subscribe(receiver, { description: 'Кредитный конвейер' })).id;
    for (let n = 0; n < MESSAGES; n += 1) messageId = await scene.publish({ n });
    await counted();
  });
  afterAll(() => stack?.close());

  it.each([RU, EN])(
    'are sound as charts and as tables to both companies in $language, $theme',
    async (look) => {
      const pages = [
        [scene.owner.adminEmail, '/'],
        [scene.owner.adminEmail, `/topics/${scene.topicId}?tab=figures`],
        [scene.owner.adminEmail, `/topics/${scene.topicId}?tab=figures&as=table`],
        [scene.owner.adminEmail, `/access/${scene.topicId}/${scene.reader.id}`],
        [scene.reader.adminEmail, '/'],
        [scene.reader.adminEmail, `/topics/${scene.topicId}?tab=figures`],
        [scene.reader.adminEmail, `/subscriptions/${subscriptionId}?tab=figures&range=7d`],
        [OPERATOR.email, '/'],
      ] as const;
      for (const [email, page] of pages) {
        const visitor = await enter(look, email, email === OPERATOR.email ? OPERATOR.password : PASSWORD);
        await visitor.page.goto(`/console${page}`);
        await visitor.page.locator('.uplot, .chart-rows').first().waitFor();
        await expectSound(visitor);
        await visitor.close();
      }
    },
  );

  it('say in a sentence and in a table what the picture shows', async () => {
    const { page, close } = await enter(EN, scene.owner.adminEmail);
    await page.goto(`/console/topics/${scene.topicId}?tab=figures`);
    await page
      .getByText(`${MESSAGES} accepted, ${MESSAGES} delivered, no failed attempt, 0 given up.`)
      .waitFor();
    await page.getByRole('button', { name: 'Show as table' }).first().click();
    const table = page.getByRole('table', { name: 'Messages and deliveries' });
    const sum = async () => {
      const rows = await table.getByRole('row').allInnerTexts();
      return rows.slice(1).reduce((total, row) => total + Number(row.split('\t')[1]), 0);
    };
    await expect.poll(sum).toBe(MESSAGES);
    expect(search(page).get('as')).toBe('table');
    await close();
  });

  it('are read and narrowed with the arrow keys, and the address follows', async () => {
    const { page, close } = await enter(EN, scene.owner.adminEmail);
    await page.goto(`/console/topics/${scene.topicId}?tab=figures`);
    const cursor = page.getByRole('slider', { name: 'Messages and deliveries' });
    await page.locator('.uplot').first().waitFor();
    await cursor.focus();
    await page.keyboard.press('Home');
    await expect.poll(() => cursor.getAttribute('aria-valuenow')).toBe('0');
    await expect
      .poll(() => cursor.getAttribute('aria-valuetext'))
      .toMatch(/^\d+ \w+, \d\d:\d\d, accepted 0, delivered 0$/);
    await page.keyboard.press('Shift+PageDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/from=/);
    const length = Date.parse(search(page).get('to') ?? '') - Date.parse(search(page).get('from') ?? '');
    expect(length).toBe(11 * 60_000);
    await page.goBack();
    await page.waitForURL((address) => !address.searchParams.has('from'));
    await close();
  });

  it('are narrowed by drawing over a time, and so is the list below', async () => {
    const { page, close } = await enter(RU, scene.reader.adminEmail);
    await page.goto(`/console/subscriptions/${subscriptionId}?tab=figures`);
    await page.locator('table[aria-label="Доставки"] tbody tr').first().waitFor();
    const box = await page.locator('.u-over').first().boundingBox();
    if (box === null) throw new Error('there is no plot');
    await page.mouse.move(box.x + 10, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 60, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/from=/);
    await page.getByText('За это время ничего не произошло').waitFor();
    await expect.poll(() => page.locator('table[aria-label="Доставки"] tbody tr').count()).toBe(0);
    await close();
  });

  it('are in the zone that the address names, wherever one goes, and a copied link stands still', async () => {
    const { page, close } = await enter(EN, scene.owner.adminEmail);
    await page.getByLabel('Time zone').selectOption('Asia/Vladivostok');
    await page.waitForURL(/zone=/);
    await page.getByRole('link', { name: 'Topics' }).first().click();
    await page.getByRole('heading', { name: 'Topics' }).waitFor();
    await inZone(page, 'Asia/Vladivostok');
    await page.goto(`/console/topics/${scene.topicId}?tab=figures`);
    await page.locator('.uplot').first().waitFor();
    await inZone(page, 'Asia/Vladivostok');
    await page.goto(`/console/topics/${scene.topicId}?tab=figures&zone=Asia/Kathmandu`);
    await page.locator('.uplot').first().waitFor();
    await page.getByRole('button', { name: 'Copy a link to exactly this view' }).click();
    const link = await eventually(
      async () => (await page.evaluate('navigator.clipboard.readText()')) || undefined,
    );
    const copied = new URL(String(link)).searchParams;
    expect([copied.get('zone'), copied.get('tab'), copied.has('range')]).toEqual([
      'Asia/Kathmandu',
      'figures',
      false,
    ]);
    expect(Date.parse(copied.get('to') ?? '') - Date.parse(copied.get('from') ?? '')).toBe(3_600_000);
    const other = await enter(EN, scene.owner.adminEmail);
    await other.page.goto(String(link));
    await other.page.locator('.uplot').first().waitFor();
    await expect.poll(() => other.page.getByLabel('Time zone').inputValue()).toBe('Asia/Kathmandu');
    await other.page.getByLabel('Time zone').selectOption('');
    await other.page.waitForURL((address) => !address.searchParams.has('zone'));
    await Promise.all([close(), other.close()]);
  });

  it('lead an operator from a delivery to its job, from a job to its delivery, and to no content', async () => {
    const visitor = await enter(EN, OPERATOR.email, OPERATOR.password);
    const { page } = visitor;
    await page.goto(`/console/messages/${messageId}`);
    await page.getByRole('row', { name: scene.reader.name }).getByRole('link').first().click();
    await page.getByRole('heading', { name: 'Attempts' }).waitFor();
    await page.getByText('operators see nothing of what is in it').waitFor();
    await expectSound(visitor);
    await page.goto('/console');
    await page.getByRole('link', { name: 'dead-letter' }).click();
    await page.waitForURL(/\/admin\/queues\/queue\/dead-letter/);
    await visitor.close();
  });
});
