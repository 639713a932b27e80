import { useText } from '../i18n/use-text.ts';
import { Icon } from './icons.tsx';

/** That it was done. */
export function Saved({ children }: { readonly children?: string }) {
  const text = useText();
  return (
    <p className="note note-good saved" role="status">
      <Icon name="check" /> {children ?? text('ui.saved')}
    </p>
  );
}
