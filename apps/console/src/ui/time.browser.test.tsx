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
  await expect.element(page.getByText('8 Mar, 09:59')).toBeVisible();
  await userEvent.selectOptions(page.getByLabelText('Time zone'), 'Asia/Vladivostok');
  await expect.element(page.getByText('8 Mar, 16:59')).toBeVisible();
  await expect.element(field).toHaveTextContent(shows('08/03/2026, 16:59'));
});

/** The time stands isolated from the date. */
function shows(text: string): RegExp {
  return new RegExp(text.replaceAll('.', '\\.').replace(', ', ', .?'));
}

const field = page.getByRole('group', { name: 'From' });

/** Day, month, year, hour, minute: each goes on to the next by itself. */
async function type(digits: string): Promise<void> {
  await userEvent.click(field.getByRole('spinbutton').first());
  await userEvent.keyboard(digits);
}

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
  ['080320260130', '2026-03-08T05:00:00.000Z'],
  ['080320260330', '2026-03-08T06:00:00.000Z'],
])('takes %s of St John’s for %s', async (digits, instant) => {
  show(<Entered />, { zone: 'America/St_Johns' });
  await type(digits);
  await expect.element(page.getByText(instant)).toBeVisible();
});

it.each([
  ['en', 'dd/mm/yyyy, ––:––', 'March 2026', 'Clear “From”'],
  ['ru', 'дд.мм.гггг, ––:––', 'март 2026', 'Очистить «From»'],
] as const)(
  'speaks the language of the page, %s, whatever the browser speaks',
  async (language, ...words) => {
    const [empty, month, clear] = words;
    show(<Entered />, { zone: 'UTC', look: { language, theme: 'light' } });
    await expect.element(field).toHaveTextContent(shows(empty));
    await type('080320260130');
    await expect.element(page.getByText('2026-03-08T01:30:00.000Z')).toBeVisible();
    await userEvent.click(field.getByRole('button').last());
    await expect.element(page.getByRole('heading', { name: month })).toBeVisible();
    await userEvent.click(page.getByRole('button', { name: '17' }));
    await expect.element(page.getByText('2026-03-17T01:30:00.000Z')).toBeVisible();
    await userEvent.click(page.getByRole('button', { name: clear }));
    await expect.element(field).toHaveTextContent(shows(empty));
  },
);
