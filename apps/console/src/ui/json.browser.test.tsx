import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { EXACT, HOSTILE } from '../../gallery/facts.ts';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import { JsonText, JsonTree } from './json.tsx';
import { visibleText } from './visible-text.ts';

failOnComplaints();

const tree = page.getByRole('region', { name: 'Data' });

it('shows in a tree every digit, every name and every spelling as it came', async () => {
  show(<JsonTree text={EXACT} label="Data" />);
  await expect.element(tree).toBeVisible();
  const leaves = [...tree.element().querySelectorAll('.json-leaf')];
  expect(leaves.slice(0, 4).map((one) => one.textContent)).toEqual([
    'sum 12345678901234567890',
    'rate 0.10000000000000000555',
    'e 1E400',
    'sum -0',
  ]);
  expect(leaves.map((one) => one.textContent)).toContain(`${visibleText(HOSTILE)} ${visibleText(HOSTILE)}`);
  expect(tree.element().querySelector('img')).toBeNull();
  await expect.element(tree.getByText('__proto__')).toBeVisible();
});

it('opens and closes what is within, by keyboard', async () => {
  show(<JsonTree text='{"a":{"b":{"c":"deep"}}}' label="Data" />);
  await expect.element(tree.getByText('b', { exact: true })).toBeVisible();
  await expect.element(tree.getByText('deep')).not.toBeVisible();
  const closed = tree.element().querySelector<HTMLElement>('details:not([open]) > summary');
  closed?.focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(tree.getByText('deep')).toBeVisible();
});

it('shows as text what could be read by a program to the same', async () => {
  show(<JsonText text={EXACT} label="Data" />);
  await expect.element(tree).toBeVisible();
  const shown = tree.element().querySelector('pre')?.textContent ?? '';
  expect(shown.replace(/\n */g, '').replaceAll(': ', ':')).toBe(
    visibleText(EXACT).replaceAll('\n', '').replaceAll(': ', ':'),
  );
});

it.each([
  ['tree', JsonTree],
  ['text', JsonText],
])('turns nothing around in the %s: each value stands where it stands, behind its name', async (_, Shown) => {
  show(<Shown text={'{"a":"\u202etxt.exe","b":"שלום","c":"17"}'} label="Data" />);
  await expect.element(tree).toBeVisible();
  const marks = [...tree.element().querySelectorAll('.escape')];
  expect(marks.map((one) => [one.textContent, one.getAttribute('title')])).toEqual([['\\u202e', 'U+202E']]);
  const isolated = [...tree.element().querySelectorAll('bdi')].map((one) => one.textContent);
  expect(isolated.map((one) => one?.replaceAll('"', ''))).toEqual(['שלום']);
  expect(tree.element().textContent).not.toContain('\u202e');
});

it('is as few pieces as it has texts that turn, however long it is', async () => {
  const rows = Array.from({ length: 2000 }, (_, at) => ({ name: `row ${at}` }));
  show(<JsonText text={JSON.stringify([...rows, { name: 'שלום' }, ...rows])} label="Data" />);
  await expect.element(tree).toBeVisible();
  const shown = tree.element().querySelector('pre');
  expect([...(shown?.querySelectorAll('bdi') ?? [])].map((one) => one.textContent)).toEqual(['"שלום"']);
  expect(shown?.childNodes.length).toBe(3);
});
