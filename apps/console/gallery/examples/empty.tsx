import { Button } from '../../src/ui/button.tsx';
import { Empty } from '../../src/ui/empty.tsx';
import { HOSTILE, LONG, UNBROKEN } from '../facts.ts';

export const NothingYet = () => (
  <Empty
    icon="topic"
    title="No topics yet"
    hint="A topic is what you publish to."
    action={<Button kind="primary">New topic</Button>}
  />
);
export const NothingForTheseFilters = () => (
  <Empty icon="search" title="Nothing fits" action={<Button>Clear</Button>} />
);
export const NothingToBeSeen = () => <Empty icon="access" title="You may not see it" hint="Ask the owner." />;
export const Long = () => <Empty icon="topic" title={LONG} hint={UNBROKEN} />;
export const Hostile = () => <Empty icon="dead" title={HOSTILE} hint={HOSTILE} />;
