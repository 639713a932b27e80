import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import { FilterForm } from './filter-form.tsx';
import { TextField } from './text-field.tsx';
import { TimeField } from './time-field.tsx';
import { useEntered } from './use-entered.ts';

failOnComplaints();

type Props = { readonly onApply: () => void; readonly onClear: () => void };

function Searching({ onApply, onClear }: Props) {
  const { entered, set, clear } = useEntered<{ q?: string; from?: string }>({});
  return (
    <FilterForm
      label="Messages"
      onApply={onApply}
      onClear={() => {
        clear();
        onClear();
      }}
    >
      <TextField name="q" label="Words" value={entered.q ?? ''} onChange={set('q')} />
      <TimeField name="from" label="From" value={entered.from ?? ''} onChange={set('from')} />
    </FilterForm>
  );
}

it('clears what was entered and not applied, a half-entered date as well, and searches again', async () => {
  const [onApply, onClear] = [vi.fn(), vi.fn()];
  show(<Searching onApply={onApply} onClear={onClear} />, { zone: 'UTC' });
  await userEvent.type(page.getByLabelText('Words'), 'car');
  await userEvent.click(page.getByRole('spinbutton').first());
  await userEvent.keyboard('12');
  await userEvent.click(page.getByRole('button', { name: 'Search' }));
  await expect.element(page.getByText(/Not a whole date and time yet/)).toBeVisible();
  expect(onApply).not.toHaveBeenCalled();
  await userEvent.click(page.getByRole('button', { name: 'Clear', exact: true }));
  expect(onClear).toHaveBeenCalledOnce();
  await expect.element(page.getByLabelText('Words')).toHaveValue('');
  await expect.element(page.getByRole('spinbutton').first()).toHaveTextContent('dd');
  await userEvent.click(page.getByRole('button', { name: 'Search' }));
  expect(onApply).toHaveBeenCalledOnce();
});
