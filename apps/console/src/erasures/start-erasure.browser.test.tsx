import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { Begun } from '../../gallery/examples/start-erasure.tsx';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';

failOnComplaints();

it('says how many messages fit before they are erased', async () => {
  show(<Begun />);
  await userEvent.fill(page.getByLabelText('Key', { exact: true }), 'client-17');
  await userEvent.fill(page.getByLabelText('Reason'), 'asked for');
  await userEvent.click(page.getByRole('button', { name: 'Erase' }));
  await expect.element(page.getByRole('dialog')).toHaveTextContent('1,204 messages fit just now');
});
