import { Timeline } from '../../src/deliveries/timeline-view.tsx';
import { ACCEPTED_AT, ATTEMPTS, ONE_ATTEMPT } from '../deliveries.ts';

const told = { acceptedAt: ACCEPTED_AT, nextAttemptAt: null };
const many = Array.from({ length: 16 }, (_, place) => ({
  n: place + 1,
  at: new Date(Date.parse(ACCEPTED_AT) + 2 ** place * 1000).toISOString(),
  durationMs: 800,
  status: 503,
  errorClass: 'http',
}));

export const Delivered = () => <Timeline delivery={{ ...told, attempts: ONE_ATTEMPT }} />;
export const DeliveredAtLast = () => <Timeline delivery={{ ...told, attempts: ATTEMPTS }} />;
export const WaitsForTheNext = () => (
  <Timeline
    delivery={{ ...told, attempts: ATTEMPTS.slice(0, 2), nextAttemptAt: '2026-03-08T11:00:00.000Z' }}
  />
);
export const BeforeTheFirst = () => (
  <Timeline delivery={{ ...told, attempts: [], nextAttemptAt: ACCEPTED_AT }} />
);
export const Sixteen = () => <Timeline delivery={{ ...told, attempts: many }} />;
