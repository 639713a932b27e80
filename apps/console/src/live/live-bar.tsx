import { useText } from '../i18n/use-text.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import type { IconName } from '../ui/icons.tsx';
import { type Live, useCount } from './use-live.ts';
import type { Stream } from './use-stream.ts';

const LOOKS: Readonly<Record<Stream['state'], { readonly tone: Tone; readonly icon: IconName }>> = {
  connecting: { tone: 'busy', icon: 'ring' },
  live: { tone: 'good', icon: 'disc' },
  reconnecting: { tone: 'wait', icon: 'half' },
  ended: { tone: 'bad', icon: 'cross' },
};

/** Whether the stream is there, and holding it still. */
export function LiveControls({ live: { stream, isHeld, newer, hold, goOn } }: { readonly live: Live }) {
  const text = useText();
  return (
    <>
      <span role="status">
        <Badge {...LOOKS[stream.state]} word={text(`live.state.${stream.state}`)} />
      </span>
      <Button icon="bars" onPress={isHeld ? goOn : hold}>
        {isHeld ? text('live.goOn', { count: newer }) : text('live.pause')}
      </Button>
    </>
  );
}

/** What is to be known of what is shown: a break that was made up for, a gap, a part left out. */
export function LiveNotes({ stream }: { readonly stream: Stream }) {
  const text = useText();
  const count = useCount(stream.total);
  return (
    <>
      {stream.state === 'ended' && (
        <p className="note note-bad">{text('live.endedBecause', { code: stream.code ?? '' })}</p>
      )}
      {stream.caughtUp !== undefined && (
        <p className="note" role="status">
          {text('live.caughtUp', { count: stream.caughtUp })}
        </p>
      )}
      {stream.lost && <p className="note note-wait">{text('live.lost')}</p>}
      {stream.oneOf > 1 && <p className="note">{text('live.oneOf', { count: stream.oneOf })}</p>}
      <p className="visually-hidden" role="status">
        {count > 0 && text('live.count', { count })}
      </p>
    </>
  );
}
