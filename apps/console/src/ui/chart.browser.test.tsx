import { useState } from 'react';
import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { COUNTS, TIMES } from '../../gallery/drawings.ts';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import { Chart } from './chart.tsx';

type Props = { readonly of?: typeof COUNTS; readonly onZoom?: (fromMs: number, toMs: number) => void };

function Switched({ of = COUNTS, onZoom = () => undefined }: Props) {
  const [asTable, setAsTable] = useState(false);
  const [cursor, setCursor] = useState<number>();
  return (
    <Chart
      title="Deliveries"
      summary="480 accepted"
      drawing={of}
      cursor={cursor}
      onCursor={setCursor}
      onZoom={onZoom}
      asTable={asTable}
      onAsTable={setAsTable}
    />
  );
}

failOnComplaints();

const plot = page.getByRole('slider', { name: 'Deliveries' });

it('is read as a table, whose rows are its times in the zone of the page', async () => {
  await page.viewport(1280, 800);
  show(<Switched />, { zone: 'Asia/Kathmandu' });
  await page.getByRole('button', { name: 'Show as table' }).click();
  const table = page.getByRole('table', { name: 'Deliveries' });
  await expect.element(table).toBeVisible();
  const rows = table
    .getByRole('row')
    .elements()
    .map((row) => row.textContent);
  expect(rows).toHaveLength(1 + COUNTS.atMs.length);
  // 06:59 UTC and 24 minutes.
  expect(rows[25]).toMatch(/13:08823$/);
});

it('leaves out of the table the times at which nothing was, and says so', async () => {
  await page.viewport(1280, 800);
  const only = COUNTS.series.map((one) => ({
    ...one,
    values: one.values.map((_, at) => (at === 7 ? 1 : 0)),
  }));
  show(<Switched of={{ ...COUNTS, series: only }} />);
  await page.getByRole('button', { name: 'Show as table' }).click();
  await expect.poll(() => page.getByRole('row').elements().length).toBe(2);
  await expect.element(page.getByText('Times at which nothing happened are left out.')).toBeVisible();
});

it('says what it shows where the arrow keys are, and shows what Shift has chosen', async () => {
  const onZoom = vi.fn();
  show(<Switched of={TIMES} onZoom={onZoom} />);
  await expect.element(plot).toBeVisible();
  (plot.element() as HTMLElement).focus();
  await userEvent.keyboard('{Home}');
  await expect.element(plot).toHaveAttribute('aria-valuetext', expect.stringContaining('p50 40 ms'));
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(plot).toHaveAttribute('aria-valuetext', expect.stringContaining('p50 41 ms'));
  await userEvent.keyboard('{Shift>}{ArrowRight}{ArrowRight}{/Shift}{Enter}');
  expect(onZoom).toHaveBeenCalledExactlyOnceWith(TIMES.atMs[1], TIMES.atMs[3]);
});
