import { Visible, VisibleJson } from '../../src/ui/visible.tsx';
import { EXACT, HOSTILE, UNBROKEN } from '../facts.ts';

export const Hidden = () => <Visible text={HOSTILE} />;
export const RightToLeft = () => (
  <p>
    <Visible text="שלום עולם" />, 17
  </p>
);
export const Plain = () => (
  <p style={{ overflowWrap: 'anywhere' }}>
    <Visible text={UNBROKEN} />
  </p>
);
export const Json = () => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
  <pre tabIndex={0}>
    <VisibleJson json={`${EXACT}\n["שלום", 17]`} />
  </pre>
);
