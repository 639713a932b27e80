import { usePreferences } from '../i18n/preferences.tsx';
import { instantOf, wallClockOf } from './moment.ts';
import { TextField } from './text-field.tsx';

type Props = {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** ISO, UTC; empty: none. */
  readonly value: string;
  readonly onChange: (value: string) => void;
};

/** A moment, entered in the zone of the page. */
export function TimeField({ value, onChange, ...rest }: Props) {
  const { zone, browserZone } = usePreferences();
  const used = zone ?? browserZone;
  return (
    <TextField
      {...rest}
      type="datetime-local"
      value={value === '' ? '' : wallClockOf(value, used)}
      onChange={(wall) => onChange(instantOf(wall, used) ?? '')}
    />
  );
}
