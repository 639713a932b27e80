import type { attempt } from '@anika/contracts/deliveries';
import type { z } from 'zod';
import { HOSTILE, SHA, UNBROKEN } from './facts.ts';

export const ACCEPTED_AT = '2026-03-08T06:59:30.125Z';

type Attempt = z.output<typeof attempt>;

const FAILED: Attempt = {
  n: 1,
  at: '2026-03-08T06:59:30.512Z',
  durationMs: 15_000,
  status: 503,
  errorClass: 'http',
  bodySha256: SHA,
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  grantVersion: 3,
  error: null,
  response: HOSTILE,
  address: '[2001:db8:85a3:8d3:1319:8a2e:370:7348]:8443',
  phases: { dns: 3, connect: 21, tls: 44, firstByte: 14_000, body: 2 },
};

export const ONE_ATTEMPT: readonly Attempt[] = [
  { ...FAILED, status: 204, errorClass: null, durationMs: 84, response: '' },
];
export const ATTEMPTS: readonly Attempt[] = [
  FAILED,
  {
    ...FAILED,
    n: 2,
    at: '2026-03-08T07:00:01.000Z',
    durationMs: 61,
    status: null,
    errorClass: 'tls',
    error: `certificate of ${UNBROKEN} has expired`,
    response: null,
    phases: null,
  },
  {
    ...FAILED,
    n: 3,
    at: '2026-03-08T09:00:01.000Z',
    durationMs: 84,
    status: 200,
    errorClass: null,
    response: UNBROKEN,
    grantVersion: null,
  },
];
