import axe from 'axe-core';
import type { ComponentType } from 'react';
import { describe, expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import { LANGUAGES } from '../src/i18n/preferences.tsx';
import { ALL_EXAMPLES, type Examples, unshown } from './all-examples.ts';
import { States } from './gallery.tsx';
import { failOnComplaints, type Look, show } from './testing/show.tsx';

const LOOKS: readonly Look[] = LANGUAGES.flatMap((language) => [
  { language, theme: 'light' as const },
  { language, theme: 'dark' as const },
]);
/** WCAG 2.2 AA, as far as a machine sees it. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

failOnComplaints();

it('the gallery has an example of every part of src/ui', () => {
  expect(unshown()).toEqual([]);
});

/** Texts are there, and whatever is loaded when it is needed. */
async function settled(): Promise<void> {
  await expect.poll(() => document.querySelector('main')?.childElementCount).toBeGreaterThan(0);
  await expect.poll(() => document.querySelectorAll('.plot:not([role])').length).toBe(0);
  await document.fonts.ready;
  const appearing = document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations === 1);
  // One whose element is gone has been cancelled.
  await Promise.allSettled(appearing.map(({ finished }) => finished));
}

async function findings(): Promise<readonly string[]> {
  const { violations } = await axe.run(document, { runOnly: RULES, resultTypes: ['violations'] });
  const found = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, any }) => `${target.join(' ')}: ${any.map(({ message }) => message).join(', ')}`).join('; ')}`,
  );
  return [...found, ...(await commands.misfits())];
}

async function expectSound(Shown: ComponentType): Promise<void> {
  for (const look of LOOKS) {
    const { remove } = show(<Shown />, { look });
    await settled();
    expect(await findings(), `in ${look.language}, ${look.theme}`).toEqual([]);
    remove();
  }
}

/** What lies over the page is looked at by itself, all else with the other states of its component. */
function pagesOf(examples: Examples): readonly (readonly [string, ComponentType])[] {
  if (!examples.isAlone) return [[examples.name, () => <States of={examples} />]];
  return Object.entries(examples.states).map(([state, Shown]) => [`${examples.name}, ${state}`, Shown]);
}

describe('at 360 px, in both languages and themes, is sound', () => {
  it.each(ALL_EXAMPLES.flatMap(pagesOf))('%s', async (_, Shown) => expectSound(Shown));
});
