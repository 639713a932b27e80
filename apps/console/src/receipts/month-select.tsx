import { useIntl } from 'react-intl';
import { useText } from '../i18n/use-text.ts';
import { Select } from '../ui/text-field.tsx';
import { monthsUpTo, monthsWith, presentMonth } from './month.ts';

const YEARS_BACK = 3;

type Props = { readonly value: string; readonly onChange: (month: string) => void };

/** A month by its name, the newest first. */
export function MonthSelect({ value, onChange }: Props) {
  const text = useText();
  const intl = useIntl();
  const months = monthsUpTo(presentMonth(Date.now()), YEARS_BACK * 12);
  const name = (month: string) =>
    intl.formatDate(`${month}-15T00:00:00Z`, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return (
    <Select
      name="month"
      label={text('receipt.month')}
      value={value}
      onChange={onChange}
      options={monthsWith(value, months).map((month) => ({
        value: month,
        label: name(month),
      }))}
    />
  );
}
