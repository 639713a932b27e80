import { useState } from 'react';
import { Segments } from '../../src/ui/segments.tsx';
import { LONG } from '../facts.ts';

function Shown({ labels }: { readonly labels: readonly string[] }) {
  const [value, setValue] = useState(labels[0] ?? '');
  const options = labels.map((label) => ({ value: label, label }));
  return <Segments label="Which" value={value} onChange={setValue} options={options} />;
}

export const Few = () => <Shown labels={['Own', 'All']} />;
export const Many = () => (
  <Shown labels={['Given', 'Received', 'Requests in', 'Requests out', 'Ending soon']} />
);
export const Long = () => <Shown labels={[LONG, 'All']} />;
