import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import { RangePicker } from './range-picker.tsx';

const FROM = Date.parse('2026-03-08T01:30:00Z');
const HOUR_MS = 3_600_000;

failOnComplaints();

it('shows no other time while one of its ends is half entered', async () => {
  const onChange = vi.fn();
  const range = { kind: 'between', fromMs: FROM, toMs: FROM + HOUR_MS } as const;
  show(<RangePicker range={range} onChange={onChange} />, { zone: 'UTC' });
  await page.getByRole('button', { expanded: false }).click();
  const until = page.getByRole('group', { name: 'Until' });
  await userEvent.click(until.getByRole('spinbutton', { name: 'minute' }));
  await userEvent.keyboard('{Backspace}{Backspace}');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect.element(page.getByText('Not a whole date and time yet')).toBeVisible();
  expect(onChange).not.toHaveBeenCalled();
  await userEvent.keyboard('45');
  await page.getByRole('button', { name: 'Show' }).click();
  expect(onChange.mock.calls).toEqual([[{ ...range, toMs: FROM + 1.25 * HOUR_MS }]]);
});
