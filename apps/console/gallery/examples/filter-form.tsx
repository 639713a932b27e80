import { FilterForm } from '../../src/ui/filter-form.tsx';
import { TextField } from '../../src/ui/text-field.tsx';
import { nothing, UNBROKEN } from '../facts.ts';

export const NothingNarrowed = () => (
  <FilterForm label="Messages" onApply={nothing} onClear={nothing}>
    <TextField name="q" label="Words" type="search" value="" onChange={nothing} />
  </FilterForm>
);
export const Narrowed = () => (
  <FilterForm label="Messages, narrowed" onApply={nothing} onClear={nothing}>
    <TextField name="q" label="Words" type="search" value={UNBROKEN} onChange={nothing} />
    <TextField name="type" label="Type" value="car.selected" onChange={nothing} />
  </FilterForm>
);
