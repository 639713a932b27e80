import { useState } from 'react';
import { useIntl } from 'react-intl';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import { TimeField } from '../ui/time-field.tsx';
import { LASTS, type Range, rangeOf } from './range.ts';

type Props = { readonly range: Range; readonly onChange: (range: Range) => void };

/** The time of the page: up to now, or between two moments. */
export function RangePicker({ range, onChange }: Props) {
  const text = useText();
  const [isOpen, setOpen] = useState(false);
  const stands = range.kind === 'between';
  return (
    <div className="range">
      <fieldset className="segments">
        <legend className="visually-hidden">{text('figures.range')}</legend>
        {LASTS.map((last) => (
          <button
            key={last}
            type="button"
            aria-pressed={range.kind === 'last' && range.last === last}
            title={text(`figures.lastLong.${last}`)}
            onClick={() => {
              setOpen(false);
              onChange({ kind: 'last', last });
            }}
          >
            {text(`figures.last.${last}`)}
          </button>
        ))}
        <button type="button" aria-pressed={stands} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {stands ? <Between {...range} /> : text('figures.other')}
        </button>
      </fieldset>
      {isOpen && <Fields key={JSON.stringify(range)} range={range} onChange={onChange} />}
    </div>
  );
}

function Between({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }) {
  const intl = useIntl();
  return intl.formatDateTimeRange(fromMs, toMs, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}

function Fields({ range, onChange }: Props) {
  const text = useText();
  const given = range.kind === 'between' ? range : undefined;
  const [from, setFrom] = useState(given === undefined ? '' : new Date(given.fromMs).toISOString());
  const [to, setTo] = useState(given === undefined ? '' : new Date(given.toMs).toISOString());
  const entered = rangeOf({ from, to });
  return (
    <form
      className="range-fields"
      onSubmit={(event) => {
        event.preventDefault();
        if (entered.kind === 'between') onChange(entered);
      }}
    >
      <TimeField name="from" label={text('ui.from')} value={from} onChange={setFrom} />
      <TimeField name="to" label={text('ui.to')} value={to} onChange={setTo} />
      <Button
        type="submit"
        disabledBecause={entered.kind === 'between' ? undefined : text('figures.noRange')}
      >
        {text('figures.show')}
      </Button>
    </form>
  );
}
