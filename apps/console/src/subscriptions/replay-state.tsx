import type { ReplayState } from '@anika/core/replay/replay';
import { useText } from '../i18n/use-text.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import type { IconName } from '../ui/icons.tsx';

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
