import type { ReactNode } from 'react';
import { Icon, type IconName } from './icons.tsx';
import { Visible, visible } from './visible.tsx';

type Props = {
  readonly icon: IconName;
  readonly title: string;
  readonly hint?: ReactNode;
  readonly action?: ReactNode;
};

/** Nothing here: why, and what to do next. */
export function Empty({ icon, title, hint, action }: Props) {
  return (
    <div className="empty">
      <Icon name={icon} />
      <p className="empty-title">
        <Visible text={title} />
      </p>
      {hint !== undefined && <p>{visible(hint)}</p>}
      {action}
    </div>
  );
}
