import type { ReactNode } from 'react';
import { Icon, type IconName } from './icons.tsx';

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
      <p className="empty-title">{title}</p>
      {hint !== undefined && <p>{hint}</p>}
      {action}
    </div>
  );
}
