import { useEffect, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { Icon } from './icons.tsx';
import { Visible } from './visible.tsx';
import { visibleText } from './visible-text.ts';

const SAID_MS = 1500;

type Props = {
  readonly value: string /** Ends of a long one only; all of it is copied. */;
  readonly short?: boolean;
};

/** Something to be copied whole. */
export function Id({ value, short = false }: Props) {
  const shown = short && value.length > 18 ? `${value.slice(0, 8)}…${value.slice(-6)}` : value;
  return (
    <span className="id">
      <code title={short ? visibleText(value) : undefined}>
        <Visible text={shown} />
      </code>
      <Copy value={value} />
    </span>
  );
}

export function Copy({ value, label }: { readonly value: string; readonly label?: string }) {
  const text = useText();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      className="copy"
      aria-label={label ?? text('ui.copy', { value })}
      title={text('ui.copyShort')}
      onClick={() => void navigator.clipboard.writeText(value).then(() => setCopied(true))}
    >
      <Icon name={copied ? 'check' : 'copy'} />
      <span className="visually-hidden" role="status">
        {copied ? text('ui.copied') : ''}
      </span>
    </button>
  );
}
