import { useText } from '../i18n/use-text.ts';

/** Shows itself a moment later: what is there at once does not flicker. */
export function Waiting() {
  const text = useText();
  return (
    <p className="waiting" role="status">
      <span className="spinner" aria-hidden="true" />
      {text('ui.loading')}
    </p>
  );
}
