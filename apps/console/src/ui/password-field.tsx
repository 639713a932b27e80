import type { ReactNode } from 'react';
import { TextField } from './text-field.tsx';

/** What a password manager is told; `none`: nothing to keep. */
const AUTO_COMPLETE = { present: 'current-password', new: 'new-password', none: 'off' } as const;

type Props = {
  readonly name: string;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly which: keyof typeof AUTO_COMPLETE;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly autoFocus?: boolean;
  readonly required?: boolean;
};

/** Something that nobody beside should read. */
export function PasswordField({ which, ...field }: Props) {
  return <TextField {...field} type="password" autoComplete={AUTO_COMPLETE[which]} />;
}
