import { useState } from 'react';
import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { nothing } from '../../gallery/facts.ts';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import { WideAction } from './wide-action.tsx';

failOnComplaints();

it.each([
  ['as it is shown', 'C-\\u202e17'],
  ['as it was copied from elsewhere', 'C-\u202e17'],
])('can be done once the name is typed %s', async (_, typed) => {
  const run = vi.fn(async () => nothing());
  show(
    <WideAction
      label="Delete"
      title="Delete it"
      effect={null}
      typed={'C-\u202e17'}
      busy={false}
      problem={null}
      run={run}
    />,
  );
  await page.getByRole('button', { name: 'Delete' }).click();
  const field = page.getByLabelText('Type “C-\\u202e17” to confirm');
  await userEvent.fill(field, 'C-17');
  await userEvent.keyboard('{Enter}');
  expect(run).not.toHaveBeenCalled();
  await userEvent.fill(field, typed);
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => run.mock.calls.length).toBe(1);
});

function Row() {
  const [isThere, setThere] = useState(true);
  return (
    <>
      <h1 tabIndex={-1}>Keys</h1>
      {isThere && (
        <WideAction
          label="Revoke"
          title="Revoke it"
          effect={null}
          busy={false}
          problem={null}
          run={async () => {
            setThere(false);
            return true;
          }}
        />
      )}
    </>
  );
}

it('leaves the keyboard on the page when its button goes with the row', async () => {
  show(<Row />);
  await page.getByRole('button', { name: 'Revoke' }).click();
  await userEvent.click(page.getByRole('dialog').getByRole('button', { name: 'Revoke' }));
  await expect.element(page.getByRole('heading', { name: 'Keys' })).toHaveFocus();
});
