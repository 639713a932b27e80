import type { Change } from '@anika/core/change';
import { createLogger } from '@anika/runtime/logger';
import { expect, it } from 'vitest';
import { createEndpointHealth } from './endpoint-health.ts';
import type { ReadyTarget } from './ready-target.ts';

const NOW_MS = 10 * 24 * 3_600_000;

function endpoint(failingSinceMs: number | undefined): ReadyTarget {
  return {
    target: { subscription: { id: 'sub_1', topicId: 'top_1', failingSinceMs } },
  } as unknown as ReadyTarget;
}

function health() {
  const announced: Change['kind'][] = [];
  const noted: string[] = [];
  const endpoints = createEndpointHealth({
    markFailing: async () => void noted.push('failing'),
    markHealthy: async () => void noted.push('healthy'),
    disable: async (_id, { reason }) => noted.push(reason) > 0,
    announce: ({ kind }) => void announced.push(kind),
    logger: createLogger({ name: 'test', level: 'silent' }),
    clock: { now: () => NOW_MS },
  });
  return { ...endpoints, announced, noted };
}

it('an endpoint that fails and recovers is news of its subscription only, not of its topic', async () => {
  const { failed, succeeded, announced, noted } = health();
  await failed(endpoint(undefined), false);
  await failed(endpoint(NOW_MS - 1000), false);
  await succeeded(endpoint(NOW_MS - 1000));
  await succeeded(endpoint(undefined));
  expect(noted).toEqual(['failing', 'healthy']);
  expect(announced).toEqual(['subscription', 'subscription']);
});

it('an endpoint that is gone, or has only failed for five days, is disabled, which its topic must know', async () => {
  const { failed, announced, noted } = health();
  await failed(endpoint(undefined), true);
  await failed(endpoint(1), false);
  expect(noted).toEqual(['the endpoint answered 410 Gone', 'every attempt failed for 5 days']);
  expect(announced.filter((kind) => kind === 'topic')).toHaveLength(2);
});
