import { type CalendarDateTime, parseDateTime } from '@internationalized/date';
import { type FormEvent, useContext, useEffect, useMemo, useState } from 'react';
import {
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  type DateFieldState,
  DateFieldStateContext,
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

/** An address may hold what no date is. */
function parsed(wall: WallClock): CalendarDateTime | null {
  try {
    return wall === '' ? null : parseDateTime(wall);
  } catch {
    return null;
  }
}

/**
 * Date and time in the order and the words of the page's language, which a browser's own field does not know. What is
 * half entered is no value, nor the one that was there before: no form that holds it can be sent.
 */
export function DateTimeInput({ name, label, hint, value, onChange }: DateTimeProps) {
  const text = useText();
  const refusal = useFieldError(name);
  const [typed, setTyped] = useState<{ readonly date: CalendarDateTime; readonly over: WallClock }>();
  const [isUnfinished, setUnfinished] = useState(false);
  const [isRefused, setRefused] = useState(false);
  const [round, setRound] = useState(0);
  // The same object for the same value: with another one, what is half entered would be gone.
  const date = useMemo(() => parsed(value), [value]);
  const unfinished = text('ui.timeUnfinished');
  const error = isUnfinished && isRefused ? unfinished : refusal;
  function change(next: CalendarDateTime | null) {
    const isYearTyped = next !== null && next.year < FIRST_YEAR;
    setTyped(isYearTyped ? { date: next, over: value } : undefined);
    if (!isYearTyped) onChange(next === null ? '' : next.toString().slice(0, 'YYYY-MM-DDTHH:MM'.length));
  }
  function clear() {
    setRound(round + 1);
    change(null);
  }
  function refuse(event: FormEvent<HTMLInputElement>) {
    event.preventDefault();
    setRefused(true);
    focusUnfinished(event.currentTarget);
  }
  return (
    <DatePicker<CalendarDateTime>
      key={round}
      className="field"
      granularity="minute"
      hourCycle={24}
      shouldForceLeadingZeros
      // What the API refused must not keep the browser from sending what is entered instead.
      validationBehavior="aria"
      isInvalid={error !== undefined}
      value={typed?.over === value ? typed.date : date}
      onChange={change}
    >
      <Label className="field-label">{label}</Label>
      <Entered
        label={label}
        onClear={isUnfinished || value !== '' ? clear : undefined}
        onUnfinished={(isNow) => {
          setUnfinished(isNow);
          if (!isNow) setRefused(false);
        }}
      />
      <input
        hidden
        ref={(input) => input?.setCustomValidity(isUnfinished ? unfinished : '')}
        onInvalid={refuse}
      />
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

/** Where entering goes on, as a browser does it with the first field that it refuses. */
function focusUnfinished(input: HTMLInputElement): void {
  if (input.form?.querySelector('input:invalid') !== input) return;
  const segments = [...(input.parentElement?.querySelectorAll<HTMLElement>('[role="spinbutton"]') ?? [])];
  (segments.find(({ dataset }) => dataset.placeholder !== undefined) ?? segments[0])?.focus();
}

type EnteredProps = {
  readonly label: string;
  readonly onClear: (() => void) | undefined;
  readonly onUnfinished: (isUnfinished: boolean) => void;
};

function Entered({ label, onClear, onUnfinished }: EnteredProps) {
  const text = useText();
  return (
    <Group className="input date-input">
      <DateInput className="date-segments">
        {(segment) => (
          <>
            <DateSegment segment={segment} />
            {segment.type === 'year' && <Watch onUnfinished={onUnfinished} />}
          </>
        )}
      </DateInput>
      {onClear !== undefined && (
        <IconButton icon="close" label={text('ui.clearTime', { name: label })} onPress={onClear} />
      )}
      <Button className="icon-button">
        <Icon name="calendar" />
      </Button>
    </Group>
  );
}

/** What is shown and not told: some of it is missing, is no date (30 February), or is a year that is being typed. */
function Watch({ onUnfinished }: Pick<EnteredProps, 'onUnfinished'>) {
  const state = useContext(DateFieldStateContext);
  const isUnfinished = state !== null && isShownOnly(state);
  // biome-ignore lint/correctness/useExhaustiveDependencies: told when it changes
  useEffect(() => onUnfinished(isUnfinished), [isUnfinished]);
  return null;
}

function isShownOnly({ segments, value }: DateFieldState): boolean {
  const entered = segments.filter(({ isEditable }) => isEditable);
  if (entered.every(({ isPlaceholder }) => isPlaceholder)) return false;
  if (value === null || value.year < FIRST_YEAR) return true;
  return entered.some(
    ({ type, isPlaceholder, value: shown }) =>
      isPlaceholder || ((type === 'year' || type === 'month' || type === 'day') && shown !== value[type]),
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
