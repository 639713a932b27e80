import type { ErasureState } from '@anika/core/erasure';
import { useText } from '../i18n/use-text.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import type { IconName } from '../ui/icons.tsx';

const LOOKS: Readonly<Record<ErasureState, { readonly tone: Tone; readonly icon: IconName }>> = {
  running: { tone: 'busy', icon: 'half' },
  done: { tone: 'good', icon: 'disc' },
};

export function ErasureStateBadge({ state }: { readonly state: ErasureState }) {
  const text = useText();
  return <Badge {...LOOKS[state]} word={text(`erasure.state.${state}`)} />;
}
