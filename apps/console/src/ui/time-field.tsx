import { lazy, Suspense } from 'react';
import { usePreferences } from '../i18n/preferences.tsx';
import { instantOf, wallClockOf } from './moment.ts';

/** Not needed for the first paint of any page. */
export const loadDateTimeInput = () => import('./date-time-input.tsx');
const DateTimeInput = lazy(async () => ({ default: (await loadDateTimeInput()).DateTimeInput }));

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
    <Suspense fallback={<Place label={rest.label} />}>
      <DateTimeInput
        {...rest}
        value={value === '' ? '' : wallClockOf(value, used)}
        onChange={(wall) => onChange(wall === '' ? '' : (instantOf(wall, used) ?? ''))}
      />
    </Suspense>
  );
}

/** Nothing moves when it is there. */
function Place({ label }: { readonly label: string }) {
  return (
    <div className="field" aria-hidden="true">
      <span className="field-label">{label}</span>
      <span className="input" />
    </div>
  );
}
