import { useText } from '../i18n/use-text.ts';
import type { Replay } from './replay-actions.tsx';

/** How far it has come. What is not read to its end has no length yet. */
export function ReplayProgress({ of }: { readonly of: Replay }) {
  const text = useText();
  const { matched, started, delivered, dead, underWay, isRead } = of;
  return (
    <span>
      {isRead && matched > 0 && (
        <progress value={started} max={matched} aria-label={text('replay.progress')} />
      )}
      <span className="under">{text('replay.figures', { matched, started, delivered, dead, underWay })}</span>
    </span>
  );
}
