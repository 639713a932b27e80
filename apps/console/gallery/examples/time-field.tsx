import { useState } from 'react';
import { TimeField } from '../../src/ui/time-field.tsx';
import { AT } from '../facts.ts';

function Shown({ of }: { readonly of: string }) {
  const [value, setValue] = useState(of);
  return (
    <>
      <TimeField name="from" label="From" hint="In the zone of the page." value={value} onChange={setValue} />
      <output>{value}</output>
    </>
  );
}

export const Given = () => <Shown of={AT} />;
export const None = () => <Shown of="" />;
