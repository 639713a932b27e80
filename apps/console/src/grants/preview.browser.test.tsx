import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { OTHER, TOPIC } from '../../gallery/facts.ts';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import { Preview } from './preview.tsx';
import { NO_TERMS } from './terms-form.tsx';

failOnComplaints();

it('shows a message beside what the reader would get of it, each digit of both', async () => {
  show(<Preview topicId={TOPIC.id} partnerId={OTHER.id} terms={NO_TERMS} />);
  const before = page.getByRole('region', { name: 'As you see it' });
  const after = page.getByRole('region', { name: 'As they would see it' });
  await expect.element(before).toHaveTextContent('"sum": 12345678901234567890');
  await expect.element(before).toHaveTextContent('"rate": 0.10000000000000000555');
  await expect.element(after).toHaveTextContent('"sum": 12345678901234567890');
  await expect.element(after).not.toHaveTextContent('rate');
  await expect.element(page.getByText(/1,?204/)).toBeVisible();
});
