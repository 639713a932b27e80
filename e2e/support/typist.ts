import type { Locator, Page } from 'playwright-core';

const PRESSED_MAX = 200;

/** Somebody without a mouse: whatever he wants to use, the Tab key has to lead to. */
export type Typist = {
  /** Presses Tab until this has the focus. @throws Error when it never does */
  reach(target: Locator): Promise<void>;
  /** Reaches a button or a link and presses it. */
  press(target: Locator): Promise<void>;
  /** Reaches a field and writes this into it. */
  write(target: Locator, text: string): Promise<void>;
  /** Reaches a list of choices and goes down it to this one. */
  choose(target: Locator, option: string): Promise<void>;
};

export function createTypist(page: Page): Typist {
  const { keyboard } = page;
  const hasFocus = async (target: Locator) => (await target.and(page.locator(':focus')).count()) > 0;

  async function reach(target: Locator): Promise<void> {
    await target.first().waitFor();
    for (let n = 0; n < PRESSED_MAX; n += 1) {
      if (await hasFocus(target)) return;
      await keyboard.press('Tab');
    }
    throw new Error(`${PRESSED_MAX} times Tab do not lead to ${target}`);
  }

  return {
    reach,
    async press(target) {
      await reach(target);
      await keyboard.press('Enter');
    },
    async write(target, text) {
      await reach(target);
      await keyboard.press('ControlOrMeta+a');
      await keyboard.insertText(text);
    },
    async choose(target, option) {
      await reach(target);
      await keyboard.press('Home');
      for (let n = 0; n < PRESSED_MAX; n += 1) {
        const chosen = await target.locator('option:checked').textContent();
        if (chosen === option) return;
        await keyboard.press('ArrowDown');
      }
      throw new Error(`${target} has no "${option}"`);
    },
  };
}
