import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { freePort } from '@anika/testkit/free-port';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { PASSWORD } from '../apps/api/src/testing/test-client.ts';
import { loaded, signIn, type Visitor, visit } from './support/browser.ts';
import { describeInBrowser } from './support/in-browser.ts';
import { type Program, startProgram } from './support/program.ts';
import { type OwnRedis, startOwnRedis } from './support/redis.ts';
import { createScene } from './support/scene.ts';

let databases: TestDatabases;
let redis: OwnRedis;
let port = 0;
let api: Program;
let dispatcher: Program;
let receiver: Receiver;
let browser: Browser;
let scene: Awaited<ReturnType<typeof createScene>>;
let visitor: Visitor;
let page: Page;

const settings = () => ({ REDIS_URL: redis.url });
const startApi = () => startProgram('api', { databases, port, settings: settings() });
const startDispatcher = () => startProgram('dispatcher', { databases, settings: settings() });

async function enter(email: string): Promise<void> {
  visitor = await visit(browser, api.url, { language: 'en', theme: 'light' });
  ({ page } = visitor);
  await signIn(visitor, email, PASSWORD);
}

const row = (type: string) => page.locator('main').getByRole('row', { name: type });

describeInBrowser('the console, when something is away', (openBrowser) => {
  beforeAll(async () => {
    [databases, receiver, redis, port] = await Promise.all([
      createTestDatabases(),
      startReceiver(),
      startOwnRedis(),
      freePort(),
    ]);
    [api, dispatcher] = await Promise.all([startApi(), startDispatcher()]);
    scene = await createScene(api.url);
    await scene.subscribe(receiver, { description: 'Loans' });
    await scene.publish({ before: true });
    await scene.allDelivered(1);
    browser = await openBrowser();
  });
  afterEach(() => visitor.close());
  afterAll(async () => {
    await browser?.close();
    await Promise.all([api?.stop(), dispatcher?.stop(), receiver?.close()]);
    await redis?.remove();
    await databases?.drop();
  });

  it('keeps what it has while the api is away, says since when, and catches up by itself', async () => {
    await enter(scene.reader.adminEmail);
    await page.goto('/console/deliveries');
    await row('car.chosen').waitFor();
    // What may be opened later has been loaded by now.
    await page.waitForLoadState('networkidle');
    await page.keyboard.press('t');
    const tail = page.getByRole('complementary', { name: 'Live tail' });
    await tail.getByText('live', { exact: true }).waitFor();

    await api.stop();
    await page.getByText(/^ANIKA has not answered since \d\d:\d\d:\d\d$/).waitFor();
    await tail.getByText('reconnecting').waitFor();
    await row('car.chosen').waitFor();
    await page.getByText(/^not answering; as of/).waitFor();
    // Pages that were never opened are there as well, and say that nothing answers.
    await page.getByRole('link', { name: 'Messages' }).first().click();
    await page.getByRole('heading', { name: 'Messages' }).waitFor();
    await page.getByRole('link', { name: 'Deliveries' }).first().click();
    await row('car.chosen').waitFor();
    api = await startApi();
    // By a program that does not know of the page: both are there again without a reload.
    await eventually(async () => {
      const { status } = await scene.client.call('POST', `/v1/topics/${scene.topicId}/messages`, {
        token: scene.owner.token,
        body: { type: 'car.returned', data: {} },
      });
      return status === 202;
    });
    await page.getByText('ANIKA answers again').waitFor();
    await row('car.returned').getByText('delivered').waitFor();
    await tail.getByText(/^Reconnected/).waitFor();
    await tail.getByRole('link', { name: 'car.returned' }).first().waitFor();
    expect(await page.getByText(/^ANIKA has not answered/).count()).toBe(0);
  });

  it('keeps what is being written over an outage of the api, a reload and the end of the session', async () => {
    await enter(scene.owner.adminEmail);
    await page.goto(`/console/topics/${scene.topicId}?tab=publish`);
    await page.getByLabel('Type').fill('car.half');
    await page.getByLabel('Data').fill('{"half":"written"}');
    await api.stop();
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('alert').waitFor();
    api = await startApi();
    await page.getByText('ANIKA answers again').waitFor();
    await expect.poll(() => page.getByLabel('Data').inputValue()).toBe('{"half":"written"}');

    await page.reload();
    await page.getByText('What you had not sent is here again.').waitFor();
    await expect.poll(() => page.getByLabel('Data').inputValue()).toBe('{"half":"written"}');

    await page.context().clearCookies();
    await page.reload();
    await page.getByLabel('Email').fill(scene.owner.adminEmail);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByText('What you had not sent is here again.').waitFor();
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Accepted and stored').waitFor();
    await page.reload();
    await loaded(page);
    expect(await page.getByLabel('Data').inputValue()).not.toContain('half');
    expect(await page.getByText('What you had not sent').count()).toBe(0);
  });

  it('shows nothing of what somebody was writing to whoever signs in next', async () => {
    await enter(scene.owner.adminEmail);
    await page.goto('/console/topics/new');
    await page.getByLabel('Name').fill('A secret plan');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Create the topic' }).click();
    const dialog = page.getByRole('dialog', { name: 'The session has ended' });
    await dialog.getByLabel('Email').fill(scene.reader.adminEmail);
    await dialog.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByText(scene.reader.adminEmail).waitFor();
    await expect.poll(() => page.getByLabel('Name').inputValue()).toBe('');
    const stored = await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })');
    expect(stored).not.toContain('A secret plan');
  });

  it('says what still works while Redis is away', async () => {
    await enter(scene.owner.adminEmail);
    await redis.kill();
    await page.getByText(/^Redis: publishing, reading and searching go on/).waitFor();
    await page.goto(`/console/topics/${scene.topicId}?tab=publish`);
    await page.getByLabel('Type').fill('car.kept');
    await page.getByLabel('Data').fill('{}');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Accepted and stored').waitFor();
    await redis.start();
    await page.getByText('ANIKA answers again').waitFor();
  });

  it('says that nothing is delivered while no dispatcher runs', async () => {
    await enter(scene.owner.adminEmail);
    await dispatcher.stop();
    await page.getByText(/^Nothing has been delivered since about/).waitFor();
    dispatcher = await startDispatcher();
    await page.getByText('ANIKA answers again').waitFor();
  });
});
