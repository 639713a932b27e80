import type { ReactNode } from 'react';
import { useState } from 'react';
import { Button } from '../../src/ui/button.tsx';
import { Dialog } from '../../src/ui/dialog.tsx';
import { HOSTILE, LONG, UNBROKEN } from '../facts.ts';

type Props = {
  readonly title?: string;
  readonly isNeeded?: boolean;
  readonly isWide?: boolean;
  readonly children?: ReactNode;
};

function Shown({ title = 'New secret', children = <p>What it is about.</p>, ...look }: Props) {
  const [isOpen, setOpen] = useState(true);
  return (
    <>
      <Button onPress={() => setOpen(true)}>Again</Button>
      <Dialog title={title} isOpen={isOpen} onClose={() => setOpen(false)} {...look}>
        {children}
      </Dialog>
    </>
  );
}

export const Plain = () => <Shown />;
export const Wide = () => <Shown isWide />;
export const Needed = () => (
  <Shown isNeeded>
    <Button kind="primary">I have kept it</Button>
  </Shown>
);
export const Long = () => (
  <Shown title={LONG}>
    {Array.from({ length: 30 }, (_, line) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: they never move
      <p key={line}>{line % 2 === 0 ? LONG : UNBROKEN}</p>
    ))}
  </Shown>
);
export const Hostile = () => <Shown title={HOSTILE} />;
