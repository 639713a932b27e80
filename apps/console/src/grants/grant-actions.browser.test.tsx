import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { OfTheOwner, OfTheReader } from '../../gallery/examples/grant-actions.tsx';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import { DeliveriesBeside, watchAsked } from '../../gallery/testing/watch-asked.tsx';

failOnComplaints();

it('says how many deliveries wait before a grant is revoked', async () => {
  show(<OfTheOwner />);
  await userEvent.click(page.getByRole('button', { name: 'Revoke' }));
  await expect
    .element(page.getByRole('dialog'))
    .toHaveTextContent('42 deliveries accepted in the last 92 days wait');
});

it('says how many own subscriptions end before a grant is declined', async () => {
  show(<OfTheReader />);
  await userEvent.click(page.getByRole('button', { name: 'Decline' }));
  await expect
    .element(page.getByRole('dialog'))
    .toHaveTextContent('1 subscription of yours gets nothing more');
  await expect.element(page.getByRole('dialog')).toHaveTextContent('42 deliveries');
});

it('asks for deliveries anew once those that were cancelled are sent', async () => {
  const asked = watchAsked();
  show(
    <>
      <OfTheOwner />
      <DeliveriesBeside />
    </>,
  );
  await expect.poll(() => asked('/v1/deliveries')).toBe(1);
  await userEvent.click(page.getByRole('button', { name: 'Send what was cancelled' }));
  await userEvent.click(page.getByRole('dialog').getByRole('button', { name: 'Send what was cancelled' }));
  await expect.poll(() => asked('/v1/deliveries')).toBe(2);
});
