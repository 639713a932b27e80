import { useText } from '../i18n/use-text.ts';
import { TextField } from '../ui/text-field.tsx';

type Props = {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly autoFocus: boolean;
};

/** The address that somebody signs in with. */
export function OwnEmail(props: Props) {
  const text = useText();
  return (
    <TextField
      name="email"
      type="email"
      label={text('session.email')}
      autoComplete="username"
      required
      {...props}
    />
  );
}
