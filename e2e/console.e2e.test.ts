import { eventually } from '@anika/testkit/eventually';
import type { Receiver } from '@anika/testkit/receiver';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OPERATOR, PASSWORD } from '../apps/api/src/testing/test-client.ts';
import {
  enterTime,
  expectSound,
  type Look,
  loaded,
  NARROW,
  OTHER_WIDTHS,
  signIn,
  type Visitor,
  visit,
} from './support/browser.ts';
import {
  type ConsoleScene,
  createConsoleScene,
  type Pages,
  PHONE,
  pagesOf,
} from './support/console-scene.ts';
import { type ConsoleStack, startConsoleStack } from './support/console-stack.ts';
import { describeInBrowser } from './support/in-browser.ts';
import { takePictures, WANTS_PICTURES } from './support/pictures.ts';

const RU: Look = { language: 'ru', theme: 'light' };
const EN: Look = { language: 'en', theme: 'dark' };

let stack: ConsoleStack;
let receiver: Receiver;
let browser: Browser;
let url = '';
let scene: ConsoleScene['scene'];
let ids: ConsoleScene['ids'];
let pages: Pages;
/** Of a test that opens every page of somebody. */
const ALL_PAGES_MS = 360_000;
const PICTURES_MS = 3_600_000;
const visitors: Visitor[] = [];

async function visitAnew(look: Look): Promise<Visitor> {
  const visitor = await visit(browser, url, look);
  visitors.push(visitor);
  return visitor;
}

async function enter(look: Look, email: string, password = PASSWORD): Promise<Visitor> {
  const visitor = await visitAnew(look);
  await signIn(visitor, email, password);
  return visitor;
}

/** Russian words are the longer ones. */
function widthsOf({ language }: Look): readonly number[] {
  return language === 'ru' ? [NARROW, ...OTHER_WIDTHS] : [NARROW];
}

async function userOf(role: 'viewer' | 'developer'): Promise<string> {
  const email = `${role}-${crypto.randomUUID()}@partner.test`;
  await scene.client.createUser(scene.reader.token, { email, role, password: PASSWORD });
  return email;
}

describeInBrowser('the console', (openBrowser) => {
  beforeAll(async () => {
    stack = await startConsoleStack({ openBrowser });
    ({ url, receiver, browser } = stack);
    ({ scene, ids } = await createConsoleScene(url, receiver));
    pages = pagesOf(ids);
  });
  afterAll(() => stack?.close());

  async function expectAllSound(
    visitor: Visitor,
    paths: readonly string[],
    widths?: readonly number[],
  ): Promise<void> {
    for (const page of paths) {
      await visitor.page.goto(`/console${page}`);
      await expectSound(visitor, widths).catch((error: Error) => {
        throw new Error(`${page}: ${error.message}`, { cause: error });
      });
    }
  }

  it.each([RU, EN])(
    'is sound to a publisher in $language, $theme',
    async (look) => {
      await expectAllSound(await enter(look, scene.owner.adminEmail), pages.company, widthsOf(look));
    },
    ALL_PAGES_MS,
  );

  it.each([RU, EN])(
    'is sound to a reader in $language, $theme',
    async (look) => {
      await expectAllSound(await enter(look, scene.reader.adminEmail), pages.reader, widthsOf(look));
    },
    ALL_PAGES_MS,
  );

  it('is sound to a viewer and a developer', async () => {
    await expectAllSound(await enter(EN, await userOf('viewer')), pages.viewer);
    await expectAllSound(await enter(RU, await userOf('developer')), pages.viewer);
  });

  it('is sound to an operator, who finds no way to messages', async () => {
    const visitor = await enter(EN, OPERATOR.email, OPERATOR.password);
    await expectAllSound(visitor, pages.operator);
    expect(await visitor.page.getByRole('link', { name: 'Messages' }).count()).toBe(0);
    await visitor.page.goto('/console/audit');
    await visitor.page
      .getByRole('row', { name: /Выбор машины/ })
      .first()
      .waitFor();
    await visitor.page.goto('/console/partners');
    await visitor.page.getByRole('button', { name: 'Limits' }).first().click();
    const limits = visitor.page.getByRole('dialog');
    await limits.getByLabel('Topics').fill('700');
    await limits.getByRole('button', { name: 'Save' }).click();
    await limits.getByText('Saved').waitFor();
    const board = await visitor.page.goto('/admin/queues');
    expect(board?.url()).toBe(`${url}/admin/queues`);
  });

  it.runIf(WANTS_PICTURES)(
    'has its picture taken, every page in every look',
    async () => {
      const whose = [
        ['company', scene.owner.adminEmail, PASSWORD],
        ['reader', scene.reader.adminEmail, PASSWORD],
        ['viewer', await userOf('viewer'), PASSWORD],
        ['operator', OPERATOR.email, OPERATOR.password],
      ] as const;
      const { page: stranger } = await visitAnew(RU);
      await stranger.goto('/console');
      await stranger.locator('input[name=email]').waitFor();
      await takePictures(stranger, 'nobody', '/sign-in');
      for (const [role, email, password] of whose) {
        const { page } = await enter(RU, email, password);
        for (const path of pages[role]) {
          await page.goto(`/console${path}`);
          await loaded(page);
          await takePictures(page, role, path);
        }
      }
    },
    PICTURES_MS,
  );

  it('shows both companies the same terms and the same fingerprint', async () => {
    const print = async (email: string) => {
      const { page } = await enter(RU, email);
      await page.goto(`/console/access/${ids.topic}/${ids.reader}`);
      const named = page
        .locator('.sentences', { hasText: scene.reader.name })
        .filter({ hasText: 'Выбор машины' });
      const terms = await named.first().textContent();
      return [terms, await page.locator('dd code', { hasText: /^[0-9A-F]{4}-[0-9A-F]{4}$/ }).textContent()];
    };
    const [owner, other] = [await print(scene.owner.adminEmail), await print(scene.reader.adminEmail)];
    expect(owner).toEqual(other);
    expect(owner[0]).toContain('data.customer.phone');
  });

  it('keeps digits, and shows what partners wrote as text', async () => {
    const { page } = await enter(EN, scene.owner.adminEmail);
    await page.goto(`/console/messages/${ids.message}?tab=text`);
    const shown = await page.locator('pre').textContent();
    expect(shown).toContain('12345678901234567890');
    expect(shown).toContain('Лада <b>Веста</b>');
    for (const path of ['/messages', `/access/${ids.topic}/${ids.reader}`]) {
      await page.goto(`/console${path}`);
      await page.getByText('12345678901234567890').first().waitFor();
    }
  });

  it('has nothing of a masked field anywhere in the browser of the reader', async () => {
    const visitor = await enter(RU, scene.reader.adminEmail);
    const seen: Promise<string>[] = [];
    visitor.page.on('response', (response) => void seen.push(response.text().catch(() => '')));
    for (const page of [`/messages/${ids.message}?tab=text`, `/deliveries/${ids.delivery}`, '/messages']) {
      await visitor.page.goto(`/console${page}`);
      await expectSound(visitor);
    }
    const stored = await visitor.page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })');
    const everything = [...(await Promise.all(seen)), String(stored)].join('\n');
    expect(everything).toContain('Мария');
    expect(everything).not.toContain(PHONE);
  });

  it('shows its owner what a reader got, and both that the hash of it is the recorded one', async () => {
    const owner = await enter(EN, scene.owner.adminEmail);
    await owner.page.goto(`/console/messages/${ids.message}?tab=seen`);
    const row = owner.page.getByRole('row', { name: PHONE });
    await row.getByText('hidden').waitFor();
    expect(
      await owner.page.getByRole('row', { name: /12345678901234567890.*12345678901234567890/ }).count(),
    ).toBe(1);
    const reader = await enter(EN, scene.reader.adminEmail);
    for (const { page } of [owner, reader]) {
      await page.goto(`/console/deliveries/${ids.delivery}`);
      await page.getByText('hash matches').waitFor();
      const body = await page.getByRole('region', { name: 'Body of the request' }).textContent();
      expect(body).toContain('Мария');
      expect(body).not.toContain(PHONE);
    }
  });

  it('knows a body again under the terms of its time, after they have changed', async () => {
    const { client, owner, reader, topicId } = scene;
    const path = `/v1/topics/${topicId}/grants/${reader.id}`;
    const as = { token: owner.token };
    const { body: before } = await client.call('GET', `/v1/topics/${topicId}/grants`, as);
    const { purpose, fields } = before.items[0];
    await client.call('PUT', path, { ...as, body: { purpose, fields: { exclude: ['data.customer'] } } });
    const [publisher, subscriber] = [
      await enter(EN, scene.owner.adminEmail),
      await enter(EN, scene.reader.adminEmail),
    ];
    await publisher.page.goto(`/console/deliveries/${ids.delivery}`);
    await publisher.page.getByText('hash matches').waitFor();
    await subscriber.page.goto(`/console/deliveries/${ids.delivery}`);
    await subscriber.page.getByText(/sent under another version of the grant/).waitFor();
    await client.call('PUT', path, { ...as, body: { purpose, fields } });
  });

  it('publishes, and follows the message to its reader', async () => {
    const { page } = await enter(EN, scene.owner.adminEmail);
    await page.goto(`/console/topics/${ids.topic}?tab=publish`);
    await page.getByLabel('Type').fill('car.returned');
    await page.getByLabel('Data').fill('{"model":"Нива"}');
    await page.getByRole('button', { name: 'Publish' }).click();
    const row = page.getByRole('row', { name: scene.reader.name });
    await row.getByText('delivered').waitFor();
  });

  it('takes a message back after saying who has it, and both sides read what is left', async () => {
    const messageId = await scene.publish({ model: 'Гранта' });
    await eventually(async () => {
      const path = `/v1/messages/${messageId}/deliveries`;
      const { body } = await scene.client.call('GET', path, { token: scene.owner.token });
      return body.items.find((one: { state: string }) => one.state === 'delivered');
    });
    const { page } = await enter(EN, scene.owner.adminEmail);
    await page.goto(`/console/messages/${messageId}`);
    await page.getByRole('button', { name: 'Take back' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/1 subscription has it/).waitFor();
    await dialog.getByLabel('Reason').fill('Sent by mistake');
    await dialog.getByRole('button', { name: 'Take back' }).click();
    await page.getByRole('heading', { name: 'A message that was taken back' }).waitFor();
    await page.getByText('SHA-256 of its data').waitFor();
    const reader = await enter(EN, scene.reader.adminEmail);
    await reader.page.goto(`/console/messages/${messageId}`);
    await reader.page.getByText('Sent by mistake').waitFor();
    expect(await reader.page.getByText('SHA-256 of its data').count()).toBe(0);
  });

  it('schedules a message in the zone of the page, and cancels it', async () => {
    const { page } = await enter(EN, scene.owner.adminEmail);
    await page.goto(`/console/topics/${ids.topic}?tab=publish`);
    await page.getByLabel('Type').fill('car.later');
    await page.getByLabel('Data').fill('{}');
    await enterTime(page, 'Send later', Date.now() + 86_400_000);
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('link', { name: 'All that are scheduled' }).click();
    await page.getByRole('link', { name: 'car.later' }).click();
    await page.getByText('They appear here when the time of the message has come.').waitFor();
    await page.goBack();
    await page
      .getByRole('row', { name: /car\.later/ })
      .getByRole('button', { name: 'Cancel' })
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('Not needed');
    await dialog.getByRole('button', { name: 'Cancel' }).first().click();
    await page.getByRole('row', { name: /car\.later/ }).waitFor({ state: 'detached' });
  });

  it('checks the audit chain in the browser', async () => {
    const { page } = await enter(EN, scene.owner.adminEmail);
    await page.goto('/console/audit');
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText('as they were written, and none is missing').waitFor();
  });

  it('asks for the password over a page whose session has ended, and loses nothing of it', async () => {
    const visitor = await enter(EN, scene.owner.adminEmail);
    const { page } = visitor;
    await page.goto('/console/topics/new');
    await page.getByLabel('Name').fill('Half written');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Create the topic' }).click();
    const dialog = page.getByRole('dialog', { name: 'The session has ended' });
    await dialog.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => page.getByLabel('Name').inputValue()).toBe('Half written');
    await page.getByRole('button', { name: 'Create the topic' }).click();
    await page.getByRole('heading', { name: 'Half written' }).waitFor();
  });

  it('keeps a subscription that is being written over a reload, but for what is secret of it', async () => {
    const { page } = await enter(EN, scene.reader.adminEmail);
    await page.goto('/console/subscriptions/new');
    await page.getByLabel('Endpoint').fill('https://bank.example/anika?token=of-your-own');
    await page.getByLabel('What you call it').fill('Half written');
    await page.getByText('Filter, start, secret, format').click();
    await page.getByLabel('Secret of your own').fill('whsec_of-your-own');
    await page.reload();
    await page.getByText('What you had not sent is here again').waitFor();
    await expect.poll(() => page.getByLabel('Endpoint').inputValue()).toBe('https://bank.example/anika');
    await expect.poll(() => page.getByLabel('What you call it').inputValue()).toBe('Half written');
    expect(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toContain(
      'of-your-own',
    );
  });

  it('is gone through by keyboard alone: sign in, find a topic, change the language, sign out', async () => {
    const { page } = await enter(RU, scene.owner.adminEmail);
    await page.keyboard.press('Control+k');
    await page.locator('[role=combobox]:focus').waitFor();
    await page.keyboard.type('Выбор');
    // The overview has a select with that name, too.
    await page.locator('[role=option]', { hasText: 'Выбор машины' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Выбор машины' }).waitFor();
    await page.getByRole('button', { name: 'English' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Topics' }).first().waitFor();
    await page.getByRole('button', { name: 'Sign out' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
  });

  it('lets somebody invited in, who chooses a password', async () => {
    const { client, owner } = scene;
    const email = `olga-${crypto.randomUUID()}@partner.test`;
    const { body } = await client.call('POST', '/v1/invitations', {
      token: owner.token,
      body: { email, role: 'viewer' },
    });
    const visitor = await visit(browser, url, RU);
    const { page } = visitor;
    await page.goto(`/console#invitation=${body.token}`);
    visitor.complaints();
    await expectSound(visitor);
    await page.locator('input[name=name]').fill('Ольга');
    await page.locator('input[name=password]').fill('Zimniy-Les-42');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Вход' }).waitFor();
    await page.locator('input[name=password]').fill('Zimniy-Les-42');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Обзор' }).waitFor();
    await visitor.close();
  });
});
