import { type FormEvent, Fragment, type ReactNode, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { Button } from './button.tsx';

type Props = {
  /** What is narrowed down. */
  readonly label: string;
  readonly children: ReactNode;
  readonly onApply: () => void;
  /** Empties the fields and narrows nothing. */
  readonly onClear: () => void;
};

/** Fields that narrow a list; they are in the address, so that a link shows the same. */
export function FilterForm({ label, children, onApply, onClear }: Props) {
  const text = useText();
  const [round, setRound] = useState(0);
  /** What is half entered is known to its field only: another field takes its place. */
  function clear() {
    setRound(round + 1);
    onClear();
  }
  function apply(event: FormEvent) {
    event.preventDefault();
    onApply();
  }
  return (
    <search className="filters" aria-label={label}>
      <form onSubmit={apply}>
        <Fragment key={round}>{children}</Fragment>
        <Button type="submit" icon="search">
          {text('ui.search')}
        </Button>
        <Button kind="quiet" onPress={clear}>
          {text('ui.clear')}
        </Button>
      </form>
    </search>
  );
}
