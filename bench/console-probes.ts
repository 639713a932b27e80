import type { Browser, Page } from 'playwright-core';

/** A page loaded anew, until nothing on it is loading: when its largest part was painted. */
export async function largestPaintMs(page: Page, path: string): Promise<number> {
  await page.goto('about:blank');
  await page.goto(`/console${path}`);
  await page.locator('main h1').first().waitFor();
  while ((await page.locator('.waiting').count()) > 0) await page.waitForTimeout(20);
  await page.waitForLoadState('networkidle');
  return page.evaluate(`new Promise((done) => {
    let last = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) last = entry.startTime;
      setTimeout(() => done(last), 200);
    }).observe({ type: 'largest-contentful-paint', buffered: true });
    setTimeout(() => done(last), 2000);
  })`);
}

/** Keys and clicks of somebody who looks around; the longest time to the next painted picture, in milliseconds. */
export async function interactions(page: Page): Promise<number> {
  await page.evaluate(`(() => {
    window.slowest = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (entry.interactionId > 0) window.slowest = Math.max(window.slowest, entry.duration);
      }
    }).observe({ type: 'event', durationThreshold: 16, buffered: false });
  })()`);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('дост', { delay: 60 });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  const links = page.locator('.tabs a');
  for (let n = 0; n < Math.min(3, await links.count()); n += 1) await press(page, links.nth(n));
  const plot = page.locator('.plot').first();
  if ((await plot.count()) > 0) {
    await plot.focus();
    for (const key of ['ArrowLeft', 'ArrowLeft', 'Home', 'End']) await page.keyboard.press(key);
  }
  await press(page, page.locator('.segments button[lang=en]'));
  await press(page, page.locator('.segments button[lang=ru]'));
  for (const path of ['/deliveries', '/messages', '/topics']) {
    await press(page, page.locator(`.menu-link[href^="/console${path}"]`));
  }
  await page.waitForTimeout(300);
  return page.evaluate('window.slowest');
}

async function press(page: Page, target: ReturnType<Page['locator']>): Promise<void> {
  await target.click();
  await page.waitForTimeout(250);
}

/** What all tabs have used so far. */
export async function cpuSeconds(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

export async function collectGarbage(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.detach();
}

export async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}
