import type { ReplayState } from '@anika/core/replay/replay';
import { useIntl } from 'react-intl';
import { textFor, useText } from '../i18n/use-text.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import type { IconName } from '../ui/icons.tsx';
import type { Replay } from './replay-actions.tsx';

const LOOKS: Readonly<Record<ReplayState, { readonly tone: Tone; readonly icon: IconName }>> = {
  running: { tone: 'busy', icon: 'half' },
  paused: { tone: 'off', icon: 'bars' },
  done: { tone: 'good', icon: 'disc' },
  stopped: { tone: 'off', icon: 'slash' },
};

export function ReplayStateBadge({ state }: { readonly state: ReplayState }) {
  const text = useText();
  return <Badge {...LOOKS[state]} word={text(`replay.state.${state}`)} />;
}

/** Why it waits or has ended before its time, in words. */
export function useReplayReason({ state, reason }: Pick<Replay, 'state' | 'reason'>): string | undefined {
  const intl = useIntl();
  if (reason === null) return undefined;
  return textFor(intl, `replay.reason.${state}.${reason}`) ?? reason;
}
