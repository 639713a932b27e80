import { type ReactNode, useState } from 'react';
import { Icon, type IconName } from './icons.tsx';

type Look = { readonly kind?: 'primary' | 'plain' | 'danger' | 'quiet'; readonly icon?: IconName };

type ButtonProps = Look & {
  readonly children: ReactNode;
  readonly onPress?: () => void;
  readonly type?: 'button' | 'submit';
  readonly busy?: boolean;
  /** Why it cannot be pressed now: the button stays in its place, and says so to who presses it. */
  readonly disabledBecause?: string | undefined;
  /** The letter that presses it, where the page has such keys. */
  readonly keys?: string | undefined;
};

export function Button(props: ButtonProps) {
  const {
    children,
    onPress,
    type = 'button',
    busy = false,
    disabledBecause,
    kind = 'plain',
    icon,
    keys,
  } = props;
  const [isAsked, setAsked] = useState(false);
  const off = busy || disabledBecause !== undefined;
  return (
    <>
      <button
        type={type}
        className={`button button-${kind}`}
        aria-disabled={off || undefined}
        aria-busy={busy || undefined}
        aria-keyshortcuts={keys}
        title={disabledBecause}
        onClick={(event) => {
          if (off) event.preventDefault();
          else onPress?.();
          setAsked(disabledBecause !== undefined);
        }}
      >
        {busy ? <span className="spinner" aria-hidden="true" /> : icon !== undefined && <Icon name={icon} />}
        <span>{children}</span>
      </button>
      {isAsked && disabledBecause !== undefined && (
        <span className="button-why" role="status">
          {disabledBecause}
        </span>
      )}
    </>
  );
}

type IconButtonProps = {
  readonly icon: IconName;
  /** Its accessible name; shown when the pointer rests on it. */
  readonly label: string;
  readonly onPress: () => void;
  readonly expanded?: boolean;
  readonly keys?: string | undefined;
  readonly disabled?: boolean;
};

export function IconButton({ icon, label, onPress, expanded, keys, disabled = false }: IconButtonProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      aria-expanded={expanded}
      aria-keyshortcuts={keys}
      aria-disabled={disabled || undefined}
      onClick={() => !disabled && onPress()}
    >
      <Icon name={icon} />
    </button>
  );
}
