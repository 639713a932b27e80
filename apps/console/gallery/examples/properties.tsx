import { Id } from '../../src/ui/id.tsx';
import { Properties } from '../../src/ui/properties.tsx';
import { HOSTILE, LONG, SHA, UNBROKEN } from '../facts.ts';

export const Some = () => (
  <Properties
    items={[{ name: 'Topic', value: 'Выбор машины' }, undefined, { name: 'Hash', value: <Id value={SHA} /> }]}
  />
);
export const Long = () => (
  <Properties
    items={[
      { name: LONG, value: LONG },
      { name: 'Address', value: UNBROKEN },
      { name: 'Name', value: HOSTILE },
    ]}
  />
);
