import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { Some } from '../../gallery/examples/dead-groups.tsx';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';

failOnComplaints();

it('counts what is sent again when it is about to be, not when the list of subscriptions was read', async () => {
  show(<Some />);
  await userEvent.click(page.getByRole('button', { name: 'Send again' }).first());
  await expect.element(page.getByRole('dialog')).toHaveTextContent('(415)');
});
