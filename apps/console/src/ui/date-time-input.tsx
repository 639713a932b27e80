import { type CalendarDateTime, parseDateTime } from '@internationalized/date';
import { useState } from 'react';
import {
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  DateInput,
  DatePicker,
  DateSegment,
  Dialog,
  Group,
  Heading,
  Label,
  Popover,
  Text,
} from 'react-aria-components';
import { useText } from '../i18n/use-text.ts';
import { IconButton } from './button.tsx';
import { useFieldError } from './form.tsx';
import { Icon } from './icons.tsx';
import type { WallClock } from './moment.ts';
import { Visible } from './visible.tsx';

export type DateTimeProps = {
  readonly name: string;
  readonly label: string;
  readonly hint?: string | undefined;
  /** Empty: none. */
  readonly value: WallClock;
  readonly onChange: (wall: WallClock) => void;
};

/** One that is being typed goes through 2, 20 and 202. */
const FIRST_YEAR = 1000;

/** Date and time in the order and the words of the page's language, which a browser's own field does not know. */
export function DateTimeInput({ name, label, hint, value, onChange }: DateTimeProps) {
  const error = useFieldError(name);
  const [typed, setTyped] = useState<CalendarDateTime>();
  function change(next: CalendarDateTime | null) {
    const isUnfinished = next !== null && next.year < FIRST_YEAR;
    setTyped(isUnfinished ? next : undefined);
    if (!isUnfinished) onChange(next === null ? '' : next.toString().slice(0, 'YYYY-MM-DDTHH:MM'.length));
  }
  return (
    <DatePicker<CalendarDateTime>
      className="field"
      granularity="minute"
      hourCycle={24}
      shouldForceLeadingZeros
      isInvalid={error !== undefined}
      value={typed ?? (value === '' ? null : parseDateTime(value))}
      onChange={change}
    >
      <Label className="field-label">{label}</Label>
      <Entered label={label} onClear={value === '' ? undefined : () => change(null)} />
      {hint !== undefined && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      {error !== undefined && (
        <Text slot="errorMessage" className="field-error" role="alert">
          <Visible text={error} />
        </Text>
      )}
      <Popover className="date-popover">
        <Dialog className="date-dialog">
          <Month />
        </Dialog>
      </Popover>
    </DatePicker>
  );
}

type EnteredProps = { readonly label: string; readonly onClear: (() => void) | undefined };

function Entered({ label, onClear }: EnteredProps) {
  const text = useText();
  return (
    <Group className="input date-input">
      <DateInput className="date-segments">{(segment) => <DateSegment segment={segment} />}</DateInput>
      {onClear !== undefined && (
        <IconButton icon="close" label={text('ui.clearTime', { name: label })} onPress={onClear} />
      )}
      <Button className="icon-button">
        <Icon name="calendar" />
      </Button>
    </Group>
  );
}

function Month() {
  return (
    <Calendar className="calendar">
      <header>
        <Button slot="previous" className="icon-button">
          <Icon name="back" />
        </Button>
        <Heading />
        <Button slot="next" className="icon-button">
          <Icon name="next" />
        </Button>
      </header>
      <CalendarGrid weekdayStyle="short">
        <CalendarGridHeader>{(day) => <CalendarHeaderCell>{day}</CalendarHeaderCell>}</CalendarGridHeader>
        <CalendarGridBody>{(date) => <CalendarCell date={date} />}</CalendarGridBody>
      </CalendarGrid>
    </Calendar>
  );
}
