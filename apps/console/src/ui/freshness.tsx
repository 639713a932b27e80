import { useIntl } from 'react-intl';
import { useText } from '../i18n/use-text.ts';
import { IconButton } from './button.tsx';

type Props = {
  readonly updatedAtMs: number;
  readonly isFetching: boolean;
  readonly failed: boolean;
  readonly refresh: () => void;
};

/** As of when what is shown is true. */
export function Freshness({ updatedAtMs, isFetching, failed, refresh }: Props) {
  const intl = useIntl();
  const text = useText();
  const time =
    updatedAtMs === 0
      ? '–'
      : intl.formatTime(updatedAtMs, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  return (
    <span className="freshness" data-failed={failed || undefined} data-busy={isFetching || undefined}>
      <span className="freshness-dot" aria-hidden="true" />
      {text(failed ? 'ui.staleSince' : 'ui.asOf', { time })}
      <IconButton icon="refresh" label={text('ui.refresh')} onPress={refresh} />
    </span>
  );
}
