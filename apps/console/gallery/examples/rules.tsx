import { RuleFact } from '../../src/message/rule-fact.tsx';
import { AT, HOSTILE, UNBROKEN } from '../facts.ts';

function Shown({ fact }: Parameters<typeof RuleFact>[0]) {
  return (
    <p className="rules">
      <span className="under">
        <RuleFact fact={fact} />
      </span>
    </p>
  );
}

export const InForce = () => <Shown fact={{ says: 'grant-in-force', version: 3, until: AT }} />;
export const Ended = () => <Shown fact={{ says: 'grant-ended', version: 3, by: 'owner', at: AT }} />;
export const Types = () => (
  <Shown fact={{ says: 'types', types: [HOSTILE, UNBROKEN], more: 12, type: 'car.selected' }} />
);
export const Filter = () => <Shown fact={{ says: 'filter', filter: `{"${UNBROKEN}":1}` }} />;
