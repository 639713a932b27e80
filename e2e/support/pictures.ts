import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';

/** Set, the tests of the console take a picture of every page in every look as well. */
export const WANTS_PICTURES = process.env.PICTURES !== undefined;

const FOLDER = resolve(import.meta.dirname, '../../.anika/pictures');
const WIDTHS = [1280, 360];
const HEIGHT = 900;

/** Of the page that is shown, by whose eyes: in both languages, light and dark, wide and narrow. */
export async function takePictures(page: Page, role: string, path: string): Promise<void> {
  const before = page.viewportSize();
  for (const language of ['ru', 'en']) {
    await page.locator(`.segments button[lang=${language}]`).click();
    await page.locator(`html[lang=${language}]`).waitFor();
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: HEIGHT });
      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme });
        const folder = join(FOLDER, `${role}-${language}-${theme}-${width}`);
        await mkdir(folder, { recursive: true });
        await page.screenshot({ path: join(folder, `${nameOf(path)}.png`), fullPage: true });
      }
    }
    if (before !== null) await page.setViewportSize(before);
  }
}

/** Of a file: the ids say nothing to who looks. */
function nameOf(path: string): string {
  const words = path.replaceAll(/[a-z]{3}_[0-9a-z]{26,}/g, 'one').replaceAll(/[^a-z0-9]+/gi, '-');
  return words.replaceAll(/^-|-$/g, '') || 'overview';
}
