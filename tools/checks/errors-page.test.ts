import { holdReason } from '@anika/core/audience/matching';
import { ERROR_CLASSES } from '@anika/core/delivery/attempt-result';
import { REASONS } from '@anika/core/delivery/reasons';
import { FAILURES } from '@anika/core/failures';
import { describe, expect, it } from 'vitest';
import { REASON_ADVICE } from './advice.ts';
import { consequence, errorsPage } from './errors-page.ts';

describe('errorsPage()', () => {
  it('has a row for every code, class and reason', () => {
    const text = errorsPage();
    for (const name of [...Object.keys(FAILURES), ...ERROR_CLASSES, ...Object.keys(REASON_ADVICE)]) {
      expect(text).toContain(`\n| \`${name}\` | `);
    }
  });
});

describe('consequence()', () => {
  it.each([
    [204, 'Delivered.'],
    [301, 'Retried by the schedule. Redirects are not followed.'],
    [404, 'Retried by the schedule.'],
    [410, 'Dead at once (`gone`), and the subscription is disabled.'],
    [413, 'Dead at once (`too-large`).'],
    [429, 'Retried by the schedule, but not before `Retry-After` (at most 24 hours).'],
    [500, 'Retried by the schedule.'],
    [503, 'Retried by the schedule, but not before `Retry-After` (at most 24 hours).'],
  ])('of %i is what the dispatcher decides', (status, words) => {
    expect(consequence(status)).toBe(words);
  });
});

describe('the reasons', () => {
  it('for which a subscription holds its deliveries stand with the state held', () => {
    const reasons = (['paused', 'disabled', 'pending'] as const).map((state) => holdReason({ state }));
    expect([...REASONS.held].sort()).toEqual(reasons.sort());
    for (const reason of REASONS.held) expect(errorsPage()).toContain(`| \`${reason}\` | held |`);
  });
});
