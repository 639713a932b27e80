import { useText } from '../i18n/use-text.ts';
import { Copy } from './id.tsx';
import { Visible } from './visible.tsx';

/** Text to be copied into a program or a shell. */
export function Code({ text, label }: { readonly text: string; readonly label: string }) {
  const t = useText();
  return (
    <section className="json" aria-label={label}>
      <Copy value={text} label={t('ui.copyOf', { what: label })} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        <Visible text={text} />
      </pre>
    </section>
  );
}
