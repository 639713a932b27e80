import { useState } from 'react';
import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

function Opened({ isNeeded = false }: { readonly isNeeded?: boolean }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onPress={() => setOpen(true)}>Open</Button>
      <Button>Behind</Button>
      <Dialog title="New secret" isOpen={isOpen} onClose={() => setOpen(false)} isNeeded={isNeeded}>
        <Button onPress={() => setOpen(false)}>Done</Button>
      </Dialog>
    </>
  );
}

failOnComplaints();

const dialog = page.getByRole('dialog', { name: 'New secret' });

async function openByKeyboard(): Promise<void> {
  const button = page.getByRole('button', { name: 'Open' });
  await expect.element(button).toBeVisible();
  (button.element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(dialog).toBeVisible();
}

it('keeps the keyboard within it, and gives it back to what opened it', async () => {
  show(<Opened />);
  await openByKeyboard();
  for (let presses = 0; presses < 4; presses++) {
    await userEvent.keyboard('{Tab}');
    expect(dialog.element().contains(document.activeElement)).toBe(true);
  }
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog).not.toBeInTheDocument();
  await expect.element(page.getByRole('button', { name: 'Open' })).toHaveFocus();
});

it('stays where something has to be done first, until it is', async () => {
  show(<Opened isNeeded />);
  await openByKeyboard();
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog).toBeVisible();
  await expect.element(dialog.getByRole('button', { name: 'Close' })).not.toBeInTheDocument();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect.element(dialog).not.toBeInTheDocument();
});
