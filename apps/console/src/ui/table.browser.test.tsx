import { useState } from 'react';
import { beforeEach, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { COLUMNS, rowsOf } from '../../gallery/rows.tsx';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import { type Shortcuts, useShortcuts } from '../keyboard/use-shortcuts.ts';
import { Table } from './table.tsx';

const ROWS = rowsOf('one', 'two', 'three');
const NO_KEYS: Shortcuts = {
  letters: true,
  openPalette: () => undefined,
  openSheet: () => undefined,
  toggleTail: () => undefined,
  goTo: () => undefined,
  goToNeighbour: () => undefined,
  copied: () => undefined,
};

function Choosing() {
  useShortcuts(NO_KEYS);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  return (
    <Table
      label="Messages"
      columns={COLUMNS}
      rows={ROWS}
      rowKey={({ id }) => id}
      selection={{ selected, toggle: (key) => setSelected((before) => new Set([...before, key])) }}
    />
  );
}

failOnComplaints();
beforeEach(() => page.viewport(1280, 800));

const focusedRow = () => document.activeElement?.getAttribute('data-key');

it('is gone through with j and k, which stop at its ends', async () => {
  show(<Choosing />);
  await expect.element(page.getByRole('row', { name: 'one' })).toBeVisible();
  await userEvent.keyboard('jj');
  expect(focusedRow()).toBe(ROWS[1]?.id);
  await userEvent.keyboard('jjj');
  expect(focusedRow()).toBe(ROWS[2]?.id);
  await userEvent.keyboard('kkkk');
  expect(focusedRow()).toBe(ROWS[0]?.id);
});

it('has the row that the keyboard is on chosen with x, and opened with Enter', async () => {
  show(<Choosing />);
  await expect.element(page.getByRole('row', { name: 'one' })).toBeVisible();
  await userEvent.keyboard('jjx');
  await expect.element(page.getByRole('checkbox', { name: ROWS[1]?.id })).toBeChecked();
  await expect.element(page.getByRole('checkbox', { name: ROWS[0]?.id })).not.toBeChecked();
  const opened = new Promise((resolve) => {
    page.getByRole('link', { name: 'two' }).element().addEventListener('click', resolve);
  });
  await userEvent.keyboard('{Enter}');
  await opened;
});

it('names its columns within each cell where the screen is narrow', async () => {
  await page.viewport(360, 800);
  show(<Choosing />);
  const cell = page.getByRole('row', { name: 'one' }).getByText('1 234');
  await expect.element(cell).toBeVisible();
  expect(getComputedStyle(cell.element(), '::before').content).toBe('"Attempts"');
});

it('begins every head with a capital letter, also where it stands beside the value', async () => {
  const columns = [{ id: 'n', head: 'доставлено', cell: ({ id }: { id: string }) => id }];
  show(<Table label="Figures" columns={columns} rows={rowsOf('one')} rowKey={({ id }) => id} />);
  await expect.element(page.getByRole('columnheader')).toHaveTextContent(/^Доставлено$/);
  expect(document.querySelector('td')?.dataset.head).toBe('Доставлено');
});

it('breaks the head of figures on a narrow screen, rather than running over them', async () => {
  await page.viewport(360, 800);
  const column = { id: 'p95', head: 'Time to delivery, 95% within', end: true, cell: () => '45.3 secs' };
  show(<Table label="Endpoints" columns={[column]} rows={ROWS} rowKey={({ id }) => id} />);
  await expect.element(page.getByRole('cell').first()).toBeVisible();
  const cell = page.getByRole('cell').first().element();
  expect(getComputedStyle(cell, '::before').whiteSpace).toBe('normal');
});
