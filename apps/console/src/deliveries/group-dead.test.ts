import { expect, it } from 'vitest';
import { groupsOf } from './group-dead.ts';

const dead = (
  id: string,
  subscriptionId: string,
  reason: string,
  hour: number,
  status: number | null = null,
) => ({
  lastAttempt: { status, errorClass: status === null ? 'refused' : null },
  id,
  subscriptionId,
  topicId: 'top_1',
  reason,
  acceptedAt: `2026-11-27T0${hour}:00:00.000Z`,
  finishedAt: `2026-11-27T0${hour}:30:00.000Z`,
});

it('groupsOf() puts dead letters of one endpoint and cause together, the largest group first', () => {
  const groups = groupsOf([
    dead('a', 'sub_1', 'gone', 5),
    dead('b', 'sub_2', 'attempts-exhausted', 3),
    dead('c', 'sub_2', 'attempts-exhausted', 7),
    dead('d', 'sub_2', 'attempts-exhausted', 1),
    dead('e', 'sub_1', 'attempts-exhausted', 2),
    dead('f', 'sub_1', 'attempts-exhausted', 2, 503),
  ]);
  expect(
    groups.map(({ subscriptionId, reason, status, count }) => [subscriptionId, reason, status, count]),
  ).toEqual([
    ['sub_2', 'attempts-exhausted', null, 3],
    ['sub_1', 'gone', null, 1],
    ['sub_1', 'attempts-exhausted', null, 1],
    ['sub_1', 'attempts-exhausted', 503, 1],
  ]);
  expect(groups[0]).toMatchObject({
    exampleId: 'c',
    firstAcceptedAt: '2026-11-27T01:00:00.000Z',
    lastAcceptedAt: '2026-11-27T07:00:00.000Z',
    lastFinishedAt: '2026-11-27T07:30:00.000Z',
  });
});
