import { useState } from 'react';
import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import { ZoneSwitch } from '../shell/switches.tsx';
import { Time } from './time.tsx';
import { TimeField } from './time-field.tsx';

const AT = '2026-03-08T06:59:30.125Z';

failOnComplaints();

it.each([
  ['UTC', '06:59:30.125'],
  ['Asia/Kathmandu', '12:44:30.125'],
  ['America/St_Johns', '04:29:30.125'],
])('is a moment in the zone of the page, %s, with UTC for the pointer', async (zone, shown) => {
  show(<Time at={AT} seconds />, { zone });
  const time = page.getByText(shown);
  await expect.element(time).toHaveAttribute('datetime', AT);
  await time.hover();
  await expect.element(time).toHaveAttribute('title', expect.stringContaining(`${AT} · ${zone}`));
});

it('follows the switch of the zone, in every place at once', async () => {
  show(
    <>
      <ZoneSwitch />
      <Time at={AT} />
      <TimeField name="at" label="From" value={AT} onChange={() => undefined} />
    </>,
  );
  await expect.element(page.getByText('09:59')).toBeVisible();
  await userEvent.selectOptions(page.getByLabelText('Time zone'), 'Asia/Vladivostok');
  await expect.element(page.getByText('16:59')).toBeVisible();
  await expect.element(page.getByLabelText('From')).toHaveValue('2026-03-08T16:59');
});

function Entered() {
  const [value, setValue] = useState('');
  return (
    <>
      <TimeField name="at" label="From" value={value} onChange={setValue} />
      <output>{value}</output>
    </>
  );
}

it.each([
  // Its clocks went forward at two that night.
  ['2026-03-08T01:30', '2026-03-08T05:00:00.000Z'],
  ['2026-03-08T03:30', '2026-03-08T06:00:00.000Z'],
])('takes %s of St John’s for %s', async (wall, instant) => {
  show(<Entered />, { zone: 'America/St_Johns' });
  await userEvent.fill(page.getByLabelText('From'), wall);
  await expect.element(page.getByText(instant)).toBeVisible();
});
