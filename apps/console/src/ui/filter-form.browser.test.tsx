import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import { FilterForm } from './filter-form.tsx';
import { TextField } from './text-field.tsx';
import { TimeField } from './time-field.tsx';
import { useEntered } from './use-entered.ts';

failOnComplaints();

type Search = { readonly q?: string; readonly from?: string };

function Searching({ narrow }: { readonly narrow: (to: Partial<Search>) => void }) {
  const { entered, set, form } = useEntered<Search>({}, narrow);
  return (
    <FilterForm label="Messages" {...form}>
      <TextField name="q" label="Words" value={entered.q ?? ''} onChange={set('q')} />
      <TimeField name="from" label="From" value={entered.from ?? ''} onChange={set('from')} />
    </FilterForm>
  );
}

it('clears what was entered and not applied, a half-entered date as well, and searches again', async () => {
  const narrow = vi.fn();
  show(<Searching narrow={narrow} />, { zone: 'UTC' });
  await userEvent.type(page.getByLabelText('Words'), 'car');
  await userEvent.click(page.getByRole('spinbutton').first());
  await userEvent.keyboard('12');
  await userEvent.click(page.getByRole('button', { name: 'Search' }));
  await expect.element(page.getByText(/Not a whole date and time yet/)).toBeVisible();
  expect(narrow).not.toHaveBeenCalled();
  await userEvent.click(page.getByRole('button', { name: 'Clear', exact: true }));
  expect(narrow.mock.calls).toEqual([[{}]]);
  await expect.element(page.getByLabelText('Words')).toHaveValue('');
  await expect.element(page.getByRole('spinbutton').first()).toHaveTextContent('dd');
  await userEvent.type(page.getByLabelText('Words'), 'van');
  await userEvent.click(page.getByRole('button', { name: 'Search' }));
  expect(narrow.mock.calls).toEqual([[{}], [{ q: 'van' }]]);
});
