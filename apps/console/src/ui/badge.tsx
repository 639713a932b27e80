import { Icon, type IconName } from './icons.tsx';
import { Visible } from './visible.tsx';

export type Tone = 'good' | 'busy' | 'wait' | 'bad' | 'off' | 'plain';

type Props = {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly word: string;
  readonly title?: string | undefined;
};

/** A state: a word, a colour, and a shape, the same wherever it is shown. */
export function Badge({ tone, icon, word, title }: Props) {
  return (
    <span className={`badge badge-${tone}`} title={title}>
      <Icon name={icon} />
      <Visible text={word} />
    </span>
  );
}
