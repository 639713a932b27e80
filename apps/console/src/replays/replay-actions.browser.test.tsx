import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { PAUSED_REPLAY } from '../../gallery/facts.ts';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import { DeliveriesBeside, watchAsked } from '../../gallery/testing/watch-asked.tsx';
import { ReplayActions } from './replay-actions.tsx';

failOnComplaints();

it('asks for deliveries anew once a replay goes on', async () => {
  const asked = watchAsked();
  show(
    <>
      <ReplayActions of={PAUSED_REPLAY} />
      <DeliveriesBeside />
    </>,
  );
  await expect.poll(() => asked('/v1/deliveries')).toBe(1);
  await userEvent.click(page.getByRole('button', { name: 'Resume' }));
  await expect.poll(() => asked('/v1/deliveries')).toBe(2);
});
