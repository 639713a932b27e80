import { useEffect, useRef } from 'react';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import { Copy } from '../ui/id.tsx';

type Props = { readonly codes: readonly string[]; readonly onDone: () => void };

export function RecoveryCodes({ codes, onDone }: Props) {
  const text = useText();
  const note = useRef<HTMLDivElement>(null);
  // In the place of the form that had the focus, with which it is gone.
  useEffect(() => note.current?.focus({ preventScroll: true }), []);
  return (
    <div className="note note-wait" role="status" ref={note} tabIndex={-1}>
      <p>{text('factor.recoveryLead')}</p>
      <ul className="codes" aria-label={text('factor.recovery')}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p>
        {text('factor.copyAll')} <Copy value={codes.join('\n')} label={text('factor.copyAll')} />
      </p>
      <Button kind="primary" onPress={onDone}>
        {text('factor.kept')}
      </Button>
    </div>
  );
}
