import { Visible, VisibleJson } from '../../src/ui/visible.tsx';
import { EXACT, HOSTILE, UNBROKEN } from '../facts.ts';

export const Hidden = () => <Visible text={HOSTILE} />;
export const RightToLeft = () => (
  <p>
    <Visible text="שלום עולם" />, 17
  </p>
);
export const Plain = () => <Visible text={UNBROKEN} />;
export const Json = () => (
  <pre>
    <VisibleJson json={`${EXACT}\n["שלום", 17]`} />
  </pre>
);
