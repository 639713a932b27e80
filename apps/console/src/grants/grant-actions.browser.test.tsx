import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { OfTheOwner, OfTheReader } from '../../gallery/examples/grant-actions.tsx';
import { GRANT } from '../../gallery/facts.ts';
import { answerInstead } from '../../gallery/testing/answer-instead.ts';
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

it('says that own subscriptions cannot be counted, and not that there are none', async () => {
  answerInstead(
    ({ pathname }) => pathname === '/v1/subscriptions',
    () => Response.json({}, { status: 503 }),
  );
  show(<OfTheReader />);
  await userEvent.click(page.getByRole('button', { name: 'Decline' }));
  await expect
    .element(page.getByRole('dialog'))
    .toHaveTextContent('How many subscriptions you have to it cannot be counted just now');
  await expect.element(page.getByRole('dialog')).not.toHaveTextContent('You have no subscription');
});

it('does not count once more what waited once a grant is declined', async () => {
  answerInstead(
    ({ pathname }) => pathname === `/v1/grants/${GRANT.id}`,
    () => Response.json({ ...GRANT, state: 'revoked' }),
  );
  const asked = watchAsked();
  show(<OfTheReader />);
  await userEvent.click(page.getByRole('button', { name: 'Decline' }));
  await expect.element(page.getByRole('dialog')).toHaveTextContent('42 deliveries');
  await userEvent.click(page.getByRole('dialog').getByRole('button', { name: 'Decline' }));
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
  expect(asked(`/v1/grants/${GRANT.id}`)).toBe(1);
  expect(asked('/v1/receipts')).toBe(1);
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
