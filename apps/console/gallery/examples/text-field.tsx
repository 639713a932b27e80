import { useState } from 'react';
import { Checkbox, Select, TextArea, TextField } from '../../src/ui/text-field.tsx';
import { HOSTILE, LONG, nothing, UNBROKEN } from '../facts.ts';

export function Written() {
  const [value, setValue] = useState('Выбор машины');
  return <TextField name="name" label="Name" value={value} onChange={setValue} />;
}
export const Fresh = () => (
  <TextField name="url" label="Address" type="url" placeholder="https://…" value="" onChange={nothing} />
);
export const Hinted = () => (
  <TextField name="hinted" label="Name" hint={LONG} value={UNBROKEN} onChange={nothing} />
);
export const Wrong = () => (
  <TextField
    name="wrong"
    label="Name"
    hint="As partners see it."
    error={UNBROKEN}
    value=""
    onChange={nothing}
  />
);
export const LongLabel = () => <TextField name="long" label={LONG} value={HOSTILE} onChange={nothing} />;
export const Area = () => <TextArea name="area" label="Purpose" value={LONG} onChange={nothing} />;
export const AreaOfCode = () => (
  <TextArea name="code" label="Filter" code error="is no JSON" value={`{"${UNBROKEN}"`} onChange={nothing} />
);
export const Choice = () => (
  <Select
    name="choice"
    label="Topic"
    hint="Yours."
    value={LONG}
    onChange={nothing}
    options={[LONG, UNBROKEN, HOSTILE].map((value) => ({ value, label: value }))}
  />
);
export const Checked = () => <Checkbox label="In order by key" checked onChange={nothing} />;
export const NotChecked = () => <Checkbox label={LONG} hint={LONG} checked={false} onChange={nothing} />;
