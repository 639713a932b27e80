import { Sum } from '../../src/receipts/sum.tsx';
import { AT, RECEIPT } from '../facts.ts';

const NONE = { median: null, p95: null, p99: null };

export const Closes = () => <Sum receipt={RECEIPT} />;
export const DoesNotClose = () => <Sum receipt={{ ...RECEIPT, accepted: 5311 }} />;
export const Incomplete = () => (
  <Sum receipt={{ ...RECEIPT, complete: false, oldestUndeliveredAt: AT, timeToDeliveryMs: NONE }} />
);
