import { type ReactNode, useState } from 'react';
import type { ApiProblem } from '../api/api.ts';
import type { ApiCall } from '../api/snippets.ts';
import { useText } from '../i18n/use-text.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Form } from './form.tsx';
import { keepFocus } from './keep-focus.ts';
import { TextField } from './text-field.tsx';
import { visibleText } from './visible-text.ts';

type Props = {
  /** On the button that opens it, and on the one that does it. */
  readonly label: string;
  readonly title: string;
  /** What will happen, in figures where the server has counted, and what cannot be brought back. */
  readonly effect: ReactNode;
  /** Undefined when it was refused. */
  readonly run: () => Promise<unknown>;
  readonly busy: boolean;
  readonly problem: ApiProblem | null;
  /** To be typed, where nothing brings it back. */
  readonly typed?: string;
  readonly danger?: boolean;
  readonly disabledBecause?: string | undefined;
  /** The letter that opens it, where the page has such keys. */
  readonly keys?: string;
  readonly onOpen?: () => void;
  /** What has to be said with it. */
  readonly fields?: ReactNode;
  /** What is still to be entered, if anything. */
  readonly missing?: string | undefined;
  readonly call?: ApiCall | undefined;
};

/** Everything that concerns many or ends something is done through this: its effect first, then the deed. */
export function WideAction(props: Props) {
  const { label, title, effect, run, busy, problem, typed, danger = false, disabledBecause, keys } = props;
  const { fields, missing } = props;
  const text = useText();
  const [isOpen, setOpen] = useState(false);
  const [entered, setEntered] = useState('');
  // It is shown with escapes, and typed as it is shown.
  const isTyped = typed === undefined || visibleText(entered) === visibleText(typed);
  function open() {
    setEntered('');
    setOpen(true);
    props.onOpen?.();
  }
  async function go() {
    if ((await run()) === undefined) return;
    setOpen(false);
    // Its button may have gone with the row that it was on.
    keepFocus();
  }
  return (
    <>
      <Button kind={danger ? 'danger' : 'plain'} onPress={open} disabledBecause={disabledBecause} keys={keys}>
        {label}
      </Button>
      <Dialog title={title} isOpen={isOpen} onClose={() => setOpen(false)}>
        <div className="effect">{effect}</div>
        <Form
          onSubmit={() => void go()}
          submit={label}
          busy={busy}
          problem={problem}
          danger={danger}
          call={props.call}
          disabledBecause={isTyped ? missing : text('ui.typeFirst')}
          beside={<Button onPress={() => setOpen(false)}>{text('ui.cancel')}</Button>}
        >
          {fields}
          {typed !== undefined && (
            <TextField
              name="typed"
              label={text('ui.typeName', { name: typed })}
              value={entered}
              onChange={setEntered}
              autoComplete="off"
            />
          )}
        </Form>
      </Dialog>
    </>
  );
}
