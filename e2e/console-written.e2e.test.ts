import { getDelivery, listDeliveries } from '@anika/contracts/deliveries';
import { listTopicGrants, putGrant } from '@anika/contracts/grants';
import { publishMessage } from '@anika/contracts/publish';
import { startReplay } from '@anika/contracts/replays';
import { getSubscription, updateSubscription } from '@anika/contracts/subscriptions';
import { getTopic, updateTopic } from '@anika/contracts/topics';
import { numberOf } from '@anika/core/decimal';
import { eventually } from '@anika/testkit/eventually';
import type { Receiver } from '@anika/testkit/receiver';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { PASSWORD } from '../apps/api/src/testing/test-client.ts';
import { expectSound, type Look, signIn, type Visitor, visit } from './support/browser.ts';
import { type ConsoleStack, startConsoleStack } from './support/console-stack.ts';
import { describeInBrowser } from './support/in-browser.ts';
import { createScene } from './support/scene.ts';

const RU: Look = { language: 'ru', theme: 'light' };
const EN: Look = { language: 'en', theme: 'light' };
/** No double has them. */
const DIGITS = '12345678901234567890';
const FILTER = { 'data.sum': { gte: numberOf(DIGITS) } };
/** Shown as it is, what follows is read from its end. */
const TURNING = 'счёт\u202efdp.exe';
const SHOWN = 'счёт\\u202efdp.exe';

let stack: ConsoleStack;
let receiver: Receiver;
let browser: Browser;
let url = '';
let scene: Awaited<ReturnType<typeof createScene>>;
let subscriptionId = '';

/** Until the test ends. */
async function enter(look: Look, email: string): Promise<Visitor> {
  const visitor = await visit(browser, url, look);
  onTestFinished(() => visitor.close());
  await signIn(visitor, email, PASSWORD);
  return visitor;
}

/** Of the grant, as they are between tests. */
async function setTerms(more: object = {}): Promise<void> {
  const params = { id: scene.topicId, partnerId: scene.reader.id };
  await scene.owner.client.ask(putGrant, { params, body: { purpose: TURNING, ...more } });
}

async function setFilter(filter: object | null): Promise<void> {
  const params = { id: subscriptionId };
  await scene.reader.client.ask(updateSubscription, { params, body: { filter } });
}

async function save(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).first().click();
  await page.getByText('Saved', { exact: true }).waitFor();
}

describeInBrowser('what partners write, on pages', (openBrowser) => {
  beforeAll(async () => {
    stack = await startConsoleStack({ openBrowser });
    ({ url, receiver, browser } = stack);
    scene = await createScene(url);
    ({ id: subscriptionId } = await scene.subscribe(receiver, { description: TURNING }));
    const { client } = scene.owner;
    const topic = { params: { id: scene.topicId } };
    const schema = { properties: { sum: { maximum: numberOf(DIGITS) } } };
    await client.ask(updateTopic, { ...topic, body: { schema, description: TURNING } });
    await setTerms();
  });
  afterAll(() => stack?.close());

  it('keeps the digits of a filter of a subscription that is shown, and saved after another change', async () => {
    const { client } = scene.reader;
    const params = { id: subscriptionId };
    onTestFinished(() => setFilter(null));
    await setFilter(FILTER);
    const { page } = await enter(EN, scene.reader.adminEmail);
    await page.goto(`/console/subscriptions/${subscriptionId}?tab=settings`);
    await page.locator('dd', { hasText: `{"data.sum":{"gte":${DIGITS}}}` }).waitFor();
    expect(await page.getByLabel('Filter').inputValue()).toContain(DIGITS);
    await page.getByLabel('Requests at once').fill('3');
    await save(page, 'Save');
    const saved = await client.call(getSubscription, { params });
    expect(saved).toMatchObject({ data: { maxConcurrency: 3 } });
    expect(saved).toMatchObject({ text: expect.stringContaining(`{"gte":${DIGITS}}`) });
  });

  it('keeps those of a grant, on the pages of both, and saves what is entered', async () => {
    onTestFinished(() => setTerms());
    await setTerms({ filter: FILTER });
    const reader = await enter(EN, scene.reader.adminEmail);
    await reader.page.goto(`/console/access/${scene.topicId}/${scene.reader.id}`);
    await reader.page.getByText(`data.sum is at least ${DIGITS}`).waitFor();
    await reader.page.getByText(SHOWN).first().waitFor();
    const { page } = await enter(EN, scene.owner.adminEmail);
    await page.goto(`/console/access/${scene.topicId}/${scene.reader.id}`);
    await page.getByLabel('Filter').fill(`{"data.sum":{"lt":${DIGITS.slice(0, -1)}1}}`);
    await page.getByText(`data.sum is less than ${DIGITS.slice(0, -1)}1`).waitFor();
    await save(page, 'Change the grant');
    const grants = await scene.owner.client.call(listTopicGrants, { params: { id: scene.topicId } });
    expect(grants).toMatchObject({ text: expect.stringContaining(`{"lt":${DIGITS.slice(0, -1)}1}`) });
  });

  it('keeps those of a schema and of a replay', async () => {
    const { client } = scene.owner;
    const params = { id: scene.topicId };
    const owner = await enter(EN, scene.owner.adminEmail);
    await owner.page.goto(`/console/topics/${scene.topicId}?tab=schema`);
    await owner.page.locator('pre', { hasText: DIGITS }).waitFor();
    await owner.page.goto(`/console/topics/${scene.topicId}?tab=settings`);
    await owner.page.getByLabel('Days that messages are kept').fill('31');
    await save(owner.page, 'Save');
    expect(await client.call(getTopic, { params })).toMatchObject({
      data: { retentionDays: 31, description: TURNING },
      text: expect.stringContaining(`"maximum":${DIGITS}`),
    });
    const from = new Date(Date.now() - 60_000).toISOString();
    const body = { from, only: 'all' as const, filter: FILTER };
    const replay = await scene.reader.client.ask(startReplay, { params: { id: subscriptionId }, body });
    const reader = await enter(EN, scene.reader.adminEmail);
    await reader.page.goto(`/console/replays/${'id' in replay ? replay.id : ''}`);
    await reader.page.locator('dd', { hasText: DIGITS }).waitFor();
  });

  it('shows what nobody would see, wherever it stands, and nothing is turned around', async () => {
    onTestFinished(() => receiver.respondWith(() => ({ status: 204 })));
    receiver.respondWith(() => ({ status: 503, body: `busy ${TURNING}` }));
    const body = { type: 'car.chosen', key: TURNING, data: { [TURNING]: TURNING, sum: 1 } };
    const { id } = await scene.owner.client.ask(publishMessage, { params: { id: scene.topicId }, body });
    const { client } = scene.reader;
    const delivery = await eventually(async () => {
      const { items } = await client.ask(listDeliveries, { query: { subscriptionId } });
      const found = items.find((one) => one.messageId === id && one.attemptCount > 0);
      return found && client.ask(getDelivery, { params: { id: found.id } });
    });
    const topic = `/topics/${scene.topicId}`;
    const grant = `/access/${scene.topicId}/${scene.reader.id}`;
    const message = `/messages/${id}`;
    await expectShown(scene.owner.adminEmail, [
      ...['/topics', topic, `${topic}?tab=readers`, `${topic}?tab=settings`, '/access', grant, '/audit'],
      ...['/messages', `${message}?tab=tree`, `${message}?tab=text`, `${message}?tab=seen`],
    ]);
    await expectShown(scene.reader.adminEmail, [
      ...[
        '/catalogue',
        '/subscriptions',
        `/subscriptions/${subscriptionId}`,
        grant,
        `/deliveries/${delivery.id}`,
      ],
      ...['/', '/access?tab=received', `/subscriptions/${subscriptionId}?tab=settings`],
    ]);
  });

  /** On every one of these pages; that nothing unseen is on them is part of being sound. */
  async function expectShown(email: string, paths: readonly string[]): Promise<void> {
    const visitor = await enter(EN, email);
    for (const path of paths) {
      await visitor.page.goto(`/console${path}`);
      await expectSound(visitor);
    }
    await visitor.page.goto(`/console${paths.find((path) => path.includes('tab=tree')) ?? '/subscriptions'}`);
    await visitor.page.getByText(SHOWN).first().waitFor();
  }

  it('says in Russian what only the API knows to be wrong, at the field', async () => {
    const reader = await enter(RU, scene.reader.adminEmail);
    await reader.page.goto(`/console/subscriptions/${subscriptionId}?tab=settings`);
    await reader.page.getByLabel('Фильтр').fill('{"data.sum":{"foo":1}}');
    await reader.page.getByRole('button', { name: 'Сохранить' }).click();
    await reader.page.locator('.field-error', { hasText: 'data.sum.foo: Это не оператор' }).waitFor();
    await reader.page.getByLabel('Фильтр').fill('');
    await reader.page.getByLabel('Адрес', { exact: true }).fill('https://10.0.0.1/anika');
    await reader.page.getByRole('button', { name: 'Сохранить' }).click();
    await reader.page
      .locator('.field-error', { hasText: 'Адрес 10.0.0.1 не в открытом интернете' })
      .waitFor();
    const owner = await enter(RU, scene.owner.adminEmail);
    await owner.page.goto(`/console/topics/${scene.topicId}?tab=publish`);
    await owner.page.getByLabel('Тип').fill('машина выбрана');
    await owner.page.getByLabel('Данные').fill('{"sum":1}');
    await owner.page.getByRole('button', { name: 'Опубликовать' }).click();
    await owner.page.locator('.field-error', { hasText: 'От 1 до 128 знаков' }).waitFor();
    await owner.page.getByLabel('Тип').fill('car.chosen');
    await owner.page.getByLabel('Данные').fill('{"sum":99999999999999999999}');
    await owner.page.getByRole('button', { name: 'Опубликовать' }).click();
    const misfit = `sum: должно быть не больше ${DIGITS}`;
    await owner.page.locator('.field-error', { hasText: misfit }).waitFor();
  });
});
