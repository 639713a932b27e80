import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { SHA } from '../../gallery/facts.ts';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import { Id } from './id.tsx';

failOnComplaints();

it('copies all of what it shows the ends of, and says so once it has', async () => {
  const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  show(<Id value={SHA} short />);
  await expect.element(page.getByText('9c1f9c1f…1f9c1f')).toBeVisible();
  expect(page.getByRole('status').element().textContent).toBe('');
  await userEvent.click(page.getByRole('button', { name: `Copy ${SHA}` }));
  expect(write).toHaveBeenCalledExactlyOnceWith(SHA);
  await expect.element(page.getByRole('status')).toHaveTextContent('Copied');
});
