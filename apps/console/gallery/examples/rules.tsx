import { RuleFact } from '../../src/message/rule-fact.tsx';
import { AT, HOSTILE, UNBROKEN } from '../facts.ts';

export const InForce = () => <RuleFact fact={{ says: 'grant-in-force', version: 3, until: AT }} />;
export const Ended = () => <RuleFact fact={{ says: 'grant-ended', version: 3, by: 'owner', at: AT }} />;
export const Types = () => (
  <RuleFact fact={{ says: 'types', types: [HOSTILE, UNBROKEN], more: 12, type: 'car.selected' }} />
);
export const Filter = () => <RuleFact fact={{ says: 'filter', filter: `{"${UNBROKEN}":1}` }} />;
