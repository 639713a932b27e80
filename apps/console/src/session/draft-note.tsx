import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import type { Draft } from './use-draft.ts';

/** That the form has what was written before the page was loaded. */
export function DraftNote({
  draft: { isRestored, discard },
}: {
  readonly draft: Pick<Draft<object>, 'isRestored' | 'discard'>;
}) {
  const text = useText();
  if (!isRestored) return null;
  return (
    <div className="note draft" role="status">
      <span>{text('draft.restored')}</span>
      <Button kind="quiet" onPress={discard}>
        {text('draft.discard')}
      </Button>
    </div>
  );
}
