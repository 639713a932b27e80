import { createLink, type LinkComponent } from '@tanstack/react-router';
import type { ComponentProps, ReactNode } from 'react';
import { Icon, type IconName } from './icons.tsx';

type Props = ComponentProps<'a'> & {
  readonly kind?: 'primary' | 'plain' | 'quiet';
  readonly icon?: IconName;
  readonly children?: ReactNode;
};

function Anchor({ kind = 'plain', icon, children, ...rest }: Props) {
  return (
    <a {...rest} className={`button button-${kind}`}>
      {icon !== undefined && <Icon name={icon} />}
      <span>{children}</span>
    </a>
  );
}

/** A way to another page that looks like a button. */
export const LinkButton: LinkComponent<typeof Anchor> = createLink(Anchor);
