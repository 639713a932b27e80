import { eventually } from '@anika/testkit/eventually';
import type { Receiver } from '@anika/testkit/receiver';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD } from '../apps/api/src/testing/test-client.ts';
import { buildConsole } from '../tools/console.ts';
import { loaded, signIn, type Visitor, visit } from './support/browser.ts';
import { type ConsoleStack, startConsoleStack } from './support/console-stack.ts';
import { describeInBrowser } from './support/in-browser.ts';
import { MISFITS } from './support/misfits.ts';
import { createScene } from './support/scene.ts';

/** A4 less its margins, at 96 dots an inch. */
const PAPER = { width: 688, height: 1000 };
const ADDRESS = `https://notifications.example/${'v1/incoming/'.repeat(20)}`;
const DATA = {
  model: 'Нива',
  address: ADDRESS,
  within: { deep: { deeper: { deepest: 'all the way down' } } },
};

let stack: ConsoleStack;
let receiver: Receiver;
let browser: Browser;
let visitor: Visitor;
const ids = { topic: '', message: '', delivery: '' };

describeInBrowser('the console on paper', (openBrowser) => {
  beforeAll(async () => {
    await buildConsole(() => undefined);
    stack = await startConsoleStack({ openBrowser });
    const { url } = stack;
    ({ receiver, browser } = stack);
    const scene = await createScene(url);
    await scene.subscribe(receiver);
    ids.topic = scene.topicId;
    ids.message = await scene.publish(DATA);
    ids.delivery = await eventually(async () => {
      const { body } = await scene.client.call('GET', '/v1/deliveries?state=delivered', {
        token: scene.reader.token,
      });
      return body.items[0]?.id;
    });
    // Who works in the dark prints on white paper, too.
    visitor = await visit(browser, url, { language: 'en', theme: 'dark' });
    await signIn(visitor, scene.reader.adminEmail, PASSWORD);
  });
  afterAll(() => stack?.close());

  /** The page as it would be printed, once what it is about is there. */
  async function print(path: string, about: string): Promise<Page> {
    const { page } = visitor;
    await page.emulateMedia({ media: 'screen' });
    await page.goto(`/console${path}`);
    await page.getByText(about).first().waitFor();
    await loaded(page);
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize(PAPER);
    return page;
  }

  async function expectDocument(page: Page): Promise<void> {
    // What is drawn for a screen learns of the paper a moment later.
    await expect.poll(() => page.evaluate(MISFITS)).toEqual([]);
    await expect.poll(() => page.evaluate(NOT_FOR_PAPER)).toEqual([]);
    expect(visitor.complaints()).toEqual([]);
  }

  it('has a receipt as a document, with its fingerprint and its sum', async () => {
    const page = await print(`/receipts?topic=${ids.topic}`, 'Fingerprint');
    await expectDocument(page);
    await page.locator('.properties', { hasText: 'Выбор машины' }).filter({ hasText: 'ЭкспоБанк' }).waitFor();
    await page.getByText(`/console/receipts?topic=${ids.topic} · `).waitFor();
    expect(await page.getByRole('link', { name: 'Download' }).count()).toBe(0);
  });

  it('has a delivery as a document, whose things are found by their addresses', async () => {
    const page = await print(`/deliveries/${ids.delivery}`, 'Fingerprint');
    await expectDocument(page);
    const address = `" (/console/topics/${ids.topic})"`;
    await expect.poll(() => contentAfter(page, '.properties a[href*="/topics/"]')).toBe(address);
    // The hash is whole, whatever the screen has room for.
    await expect.poll(() => contentAfter(page, 'td .id code')).toMatch(/^"[0-9a-f]{64}"$/);
    // A table stays one on paper, where a narrow screen shows cards.
    await page.getByRole('columnheader', { name: 'Attempt', exact: true }).waitFor();
  });

  it.each(['text', 'tree'])('has all of a message, as %s', async (tab) => {
    const page = await print(`/messages/${ids.message}?tab=${tab}`, 'Нива');
    await expectDocument(page);
    await page.getByText('all the way down').waitFor();
    await expect.poll(() => page.evaluate(SCROLLS)).toEqual([]);
  });
});

/** What print puts behind the first of these. */
function contentAfter(page: Page, selector: string): Promise<unknown> {
  return page.evaluate(`getComputedStyle(document.querySelector('${selector}'), '::after').content`);
}

/** What is pressed or leads about, and colours that are not of paper. */
const NOT_FOR_PAPER = `(() => {
  const shown = (element) => element.getClientRects().length > 0;
  const pressed = [...document.querySelectorAll('button, nav, .topbar, .sidebar, input, select, .tabs')];
  const colours = [...document.querySelectorAll('main p, main dd, main td, main .badge')].filter(
    (element) => shown(element) && !/^rgb\\((0, 0, 0|51, 51, 51)\\)$/.test(getComputedStyle(element).color),
  );
  const ground = getComputedStyle(document.documentElement).backgroundColor;
  return [
    ...pressed.filter(shown).map((element) => element.outerHTML.slice(0, 80)),
    ...colours.map((element) => element.className + ' ' + getComputedStyle(element).color),
    ...(ground === 'rgb(255, 255, 255)' ? [] : [ground]),
  ];
})()`;

/** What would have to be scrolled to be read. */
const SCROLLS = `[...document.querySelectorAll('main *')]
  .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
  .filter((element) => getComputedStyle(element).overflowX !== 'visible' && !element.closest('.visually-hidden'))
  .map((element) => element.className)`;
