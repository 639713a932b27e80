import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { Begun } from '../../gallery/examples/start-erasure.tsx';
import { answerInstead } from '../../gallery/testing/answer-instead.ts';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';

failOnComplaints();

async function begin() {
  show(<Begun />);
  await userEvent.fill(page.getByLabelText('Key', { exact: true }), 'client-17');
  await userEvent.fill(page.getByLabelText('Reason'), 'asked for');
  await userEvent.click(page.getByRole('button', { name: 'Erase' }));
}

it('says how many messages fit before they are erased', async () => {
  await begin();
  await expect.element(page.getByRole('dialog')).toHaveTextContent('1,204 messages fit just now');
});

it.each([
  [0, 'How many messages fit could not be counted'],
  [17, 'At least 17 messages fit just now'],
])('does not take for all what was found until the count broke off: %d', async (matched, said) => {
  answerInstead(
    ({ pathname }) => pathname === '/v1/erasures',
    () => Response.json({ dryRun: true, matched, complete: false }),
  );
  await begin();
  await expect.element(page.getByRole('dialog')).toHaveTextContent(said);
});
