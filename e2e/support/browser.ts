import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { MISFITS } from './misfits.ts';

/** WCAG 2.2 AA, as far as a machine sees it. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
export const NARROW = 360;
/** Of a small tablet, of windows in which a table or the menu has just room enough, and of a large screen. */
export const OTHER_WIDTHS = [640, 970, 1202, 3840];
const TIMEOUT_MS = 30_000;

export type Look = { readonly language: 'ru' | 'en'; readonly theme: 'light' | 'dark' };

export type Visitor = {
  readonly page: Page;
  /** What went wrong in the page since it was asked last: errors in its console, violations of the policy. */
  complaints(): string[];
  close(): Promise<void>;
};

export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** Somebody with a browser of his own, who has chosen a language and a theme. */
export async function visit(browser: Browser, url: string, look: Look): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: 1280, height: 900 },
    colorScheme: look.theme,
    reducedMotion: 'reduce',
    locale: look.language === 'ru' ? 'ru-RU' : 'en-GB',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const complaints: string[] = [];
  await context.exposeFunction('complain', (what: string) => void complaints.push(what));
  await context.addInitScript(
    `addEventListener('securitypolicyviolation', (event) =>
       window.complain('policy: ' + event.violatedDirective + ' ' + event.blockedURI));`,
  );
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // Whether somebody has signed in is asked first: a browser then tells of the 401 by itself.
    const isFirstQuestion = message.location().url.endsWith('/v1/auth/session');
    if (isFirstQuestion && message.text().includes('401')) return;
    // And of the 410 of a message that was taken back.
    if (message.location().url.includes('/v1/messages/') && message.text().includes('410')) return;
    complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, complaints: () => complaints.splice(0), close: () => context.close() };
}

export async function signIn({ page }: Visitor, email: string, password: string): Promise<void> {
  await page.goto('/console');
  await page.locator('input[name=email]').fill(email);
  await page.locator('input[name=password]').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('.shell main h1').waitFor();
}

/** Into a field for date and time, in the zone of the browser: each part goes on to the next by itself. */
export async function enterTime(page: Page, label: string, atMs: number): Promise<void> {
  const [year, month, day, hour, minute] = new Date(atMs).toISOString().split(/\D/);
  await page.getByRole('group', { name: label }).getByRole('spinbutton').first().click();
  await page.keyboard.type(`${day}${month}${year}${hour}${minute}`);
}

/** Nothing on the page is still loading. */
export async function loaded(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor();
  await expect.poll(() => page.locator('.waiting').count(), { timeout: TIMEOUT_MS }).toBe(0);
}

/**
 * That the page is whole: nothing still loading, nothing complained, for axe nothing to find, nothing cut off or
 * stretched at these widths.
 */
export async function expectSound(visitor: Visitor, widths: readonly number[] = [NARROW]): Promise<void> {
  const { page, complaints } = visitor;
  await loaded(page);
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .withTags(RULES)
    .setLegacyMode() // in the page itself: the other way opens a second one each time, for frames, which there are none of
    .analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`,
  );
  expect(found).toEqual([]);
  const before = page.viewportSize();
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    // A chart learns of its new width a moment later.
    await expect
      .poll(() => page.evaluate(MISFITS), { message: `${width} px wide`, timeout: 10_000 })
      .toEqual([]);
  }
  if (before !== null) await page.setViewportSize(before);
  expect(complaints()).toEqual([]);
}
