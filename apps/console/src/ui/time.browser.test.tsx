import { useState } from 'react';
import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { problemOf } from '../../gallery/facts.ts';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import { ZoneSwitch } from '../shell/switches.tsx';
import { Form } from './form.tsx';
import { Time } from './time.tsx';
import { TimeField } from './time-field.tsx';

const AT = '2026-03-08T06:59:30.125Z';

failOnComplaints();

it.each([
  ['UTC', '06:59:30.125'],
  ['Asia/Kathmandu', '12:44:30.125'],
  ['America/St_Johns', '04:29:30.125'],
])('is a moment in the zone of the page, %s, with UTC for the pointer', async (zone, shown) => {
  show(<Time at={AT} to="millisecond" />, { zone });
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
  async (language, empty, month, clear) => {
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

const REFUSED = problemOf('validation-failed', { errors: [{ path: 'at', message: 'must lie ahead' }] });
const WALL = '2026-03-08T01:30:00.000Z';

type SendingProps = { readonly first?: string; readonly onSubmit: (value: string) => void };

function Sending({ first = '', onSubmit }: SendingProps) {
  const [value, setValue] = useState(first);
  const [problem, setProblem] = useState<typeof REFUSED | null>(null);
  function submit() {
    onSubmit(value);
    setProblem(REFUSED);
  }
  return (
    <Form submit="Send" busy={false} problem={problem} onSubmit={submit}>
      <TimeField name="at" label="From" value={value} onChange={setValue} />
      <button type="button" onClick={() => setValue('2027-01-02T03:04:00.000Z')}>
        Other
      </button>
    </Form>
  );
}

const send = page.getByRole('button', { name: 'Send' });
const unfinished = page.getByText('Not a whole date and time yet: fill in the rest, or clear it');

function shownSending(first?: string) {
  const onSubmit = vi.fn();
  show(<Sending onSubmit={onSubmit} {...(first !== undefined && { first })} />, { zone: 'UTC' });
  return onSubmit;
}

async function empty(part: string): Promise<void> {
  await userEvent.click(field.getByRole('spinbutton', { name: part }));
  await userEvent.keyboard('{Backspace}{Backspace}{Backspace}{Backspace}');
}

it('is not sent while the minute is missing, and says so where it is missing', async () => {
  const onSubmit = shownSending();
  await type('0803202601');
  await send.click();
  await expect.element(unfinished).toBeVisible();
  expect(onSubmit).not.toHaveBeenCalled();
  await expect.element(field.getByRole('spinbutton', { name: 'minute' })).toHaveFocus();
  await userEvent.keyboard('30');
  await expect.element(unfinished).not.toBeInTheDocument();
  await send.click();
  expect(onSubmit.mock.calls).toEqual([[WALL]]);
});

it('sends neither the former year nor none when the year was emptied', async () => {
  const onSubmit = shownSending(WALL);
  await empty('year');
  await expect.element(field).toHaveTextContent(shows('08/03/yyyy, 01:30'));
  await send.click();
  await expect.element(unfinished).toBeVisible();
  expect(onSubmit).not.toHaveBeenCalled();
});

it.each(['0803202601', '080302020130'])('can be cleared of %s, and is sent without', async (digits) => {
  const onSubmit = shownSending();
  await type(digits);
  await send.click();
  await expect.element(unfinished).toBeVisible();
  expect(onSubmit).not.toHaveBeenCalled();
  await userEvent.click(page.getByRole('button', { name: 'Clear “From”' }));
  await expect.element(field).toHaveTextContent(shows('dd/mm/yyyy, ––:––'));
  await send.click();
  expect(onSubmit.mock.calls).toEqual([['']]);
});

it('shows what it is set to from elsewhere, whatever is half entered', async () => {
  const onSubmit = shownSending(WALL);
  await empty('year');
  await userEvent.keyboard('202');
  await expect.element(field).toHaveTextContent(shows('08/03/202, 01:30'));
  await page.getByRole('button', { name: 'Other' }).click();
  await expect.element(field).toHaveTextContent(shows('02/01/2027, 03:04'));
  await send.click();
  expect(onSubmit.mock.calls).toEqual([['2027-01-02T03:04:00.000Z']]);
});

it('is sent again after the API has refused it', async () => {
  const onSubmit = shownSending(WALL);
  await send.click();
  await expect.element(page.getByText('must lie ahead').first()).toBeVisible();
  await send.click();
  expect(onSubmit).toHaveBeenCalledTimes(2);
});

it('shows none for what an address holds that is no time it knows', async () => {
  show(<TimeField name="at" label="From" value="+010000-01-01T00:00:00Z" onChange={() => undefined} />);
  await expect.element(field).toHaveTextContent(shows('dd/mm/yyyy, ––:––'));
});
