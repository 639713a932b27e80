import { Sum } from '../../src/receipts/sum.tsx';
import { AT, OWN, SHA, TOPIC } from '../facts.ts';

type Receipt = Parameters<typeof Sum>[0]['receipt'];

const receipt: Receipt = {
  kind: 'pair',
  format: 'anika-receipt-1',
  issuer: 'https://anika.example',
  topicId: TOPIC.id,
  ownerId: OWN.id,
  partnerId: OWN.id,
  from: AT,
  to: AT,
  complete: true,
  accepted: 5310,
  underWay: 0,
  deliveries: { pending: 0, retrying: 0, delivered: 5298, dead: 3, cancelled: 9, held: 0 },
  deliveredAtFirstAttempt: 5200,
  messages: 5310,
  withoutDelivery: 0,
  timeToDeliveryMs: { median: 84, p95: 400, p99: 61_000 },
  oldestUndeliveredAt: null,
  fingerprint: '7F3A-91C2',
  jws: SHA,
};

const NONE = { median: null, p95: null, p99: null };

export const Closes = () => <Sum receipt={receipt} />;
export const DoesNotClose = () => <Sum receipt={{ ...receipt, accepted: 5311 }} />;
export const Incomplete = () => (
  <Sum receipt={{ ...receipt, complete: false, oldestUndeliveredAt: AT, timeToDeliveryMs: NONE }} />
);
