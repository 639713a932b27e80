import { useText } from '../i18n/use-text.ts';
import { Button } from './button.tsx';

/** A page that broke: a fault of ours, which leaves the others as they are. */
export function Crash({ error }: { readonly error: unknown }) {
  const text = useText();
  return (
    <div className="page">
      <div className="problem" role="alert">
        <div>
          <p className="problem-title">{text('ui.crash')}</p>
          <p className="problem-detail">{error instanceof Error ? error.message : String(error)}</p>
          <Button icon="refresh" onPress={() => location.reload()}>
            {text('ui.reload')}
          </Button>
        </div>
      </div>
    </div>
  );
}
