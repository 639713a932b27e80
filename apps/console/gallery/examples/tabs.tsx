import { Tabs } from '../../src/ui/tabs.tsx';
import { LONG } from '../facts.ts';

const TABS = [
  { name: 'given', label: 'Given', count: 12 },
  { name: 'received', label: 'Received', count: 0 },
  { name: 'in', label: 'Requests in' },
  { name: 'out', label: 'Requests out' },
  { name: 'soon', label: 'Ending soon', count: 1234 },
] as const;

export const Some = () => <Tabs label="Access" tabs={TABS} current="given" />;
export const Long = () => (
  <Tabs
    label="Long"
    tabs={[
      { name: 'a', label: LONG },
      { name: 'b', label: 'Short' },
    ]}
    current="b"
  />
);
