import { lazy, Suspense, useId } from 'react';
import { useIntl } from 'react-intl';
import { usePreferences } from '../i18n/preferences.tsx';
import { useText } from '../i18n/use-text.ts';
import { Button } from './button.tsx';
import type { PlotProps } from './plot.tsx';
import type { Series } from './series.ts';
import { type Column, Table } from './table.tsx';
import { Time } from './time.tsx';
import { useShownTheme } from './use-shown-theme.ts';

const Plot = lazy(async () => ({ default: (await import('./plot.tsx')).Plot }));

type Props = Omit<PlotProps, 'label' | 'reading'> & {
  readonly title: string;
  /** What there is to be seen in it, as a sentence. */
  readonly summary: string;
  readonly asTable: boolean;
  readonly onAsTable: (asTable: boolean) => void;
};

/** Figures over time as a sentence, as a picture, and as a table. */
export function Chart(props: Props) {
  const { title, summary, asTable, onAsTable } = props;
  const text = useText();
  const id = useId();
  return (
    <section className="chart" aria-labelledby={id}>
      <header className="chart-head">
        <h3 id={id}>{title}</h3>
        <Button kind="quiet" onPress={() => onAsTable(!asTable)}>
          {text(asTable ? 'chart.asChart' : 'chart.asTable')}
        </Button>
      </header>
      <p className="chart-summary">{summary}</p>
      {asTable ? <Rows {...props} /> : <Picture {...props} />}
    </section>
  );
}

function useMoment() {
  const intl = useIntl();
  return (ms: number) =>
    intl.formatDate(ms, {
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
}

function Picture({ title, drawing, cursor, onCursor, onZoom }: Props) {
  const { locale } = useIntl();
  const { zone } = usePreferences();
  const theme = useShownTheme();
  const moment = useMoment();
  const at = cursor === undefined ? undefined : drawing.atMs[cursor];
  const values = drawing.series.map((one) => `${one.label} ${valueAt(one, cursor, drawing.format)}`);
  const reading = [...(at === undefined ? [] : [moment(at)]), ...values].join(', ');
  const look = [theme, zone, locale, ...drawing.series.map(({ id }) => id)].join(' ');
  return (
    <>
      <Suspense fallback={<div className="plot" />}>
        <Plot
          key={look}
          label={title}
          drawing={drawing}
          cursor={cursor}
          reading={reading}
          onCursor={onCursor}
          onZoom={onZoom}
        />
      </Suspense>
      <Legend drawing={drawing} cursor={cursor} at={at === undefined ? undefined : moment(at)} />
    </>
  );
}

/** At the cursor; without one, of all that is shown. */
function valueAt(
  { values, whole }: Series,
  cursor: number | undefined,
  format: (value: number) => string,
): string {
  if (cursor === undefined) return whole ?? '';
  const value = values[cursor];
  return value === null || value === undefined ? '–' : format(value);
}

type LegendProps = Pick<Props, 'drawing' | 'cursor'> & { readonly at: string | undefined };

function Legend({ drawing: { series, format, growsFromMs, atMs, stepMs }, cursor, at }: LegendProps) {
  const text = useText();
  const grows = growsFromMs < (atMs.at(-1) ?? 0) + stepMs;
  return (
    <ul className="legend" aria-hidden="true">
      {series.map((one) => (
        <li key={one.id}>
          <svg
            className={`legend-line tone-${one.tone}`}
            viewBox="0 0 24 8"
            aria-hidden="true"
            focusable="false"
          >
            <path d="M1 4h22" strokeDasharray={one.dash?.join(' ')} />
          </svg>
          {one.label} <span className="legend-value">{valueAt(one, cursor, format)}</span>
        </li>
      ))}
      {grows && (
        <li className="legend-grows">
          <span className="legend-shade" /> {text('chart.grows')}
        </li>
      )}
      <li className="legend-at">{at}</li>
    </ul>
  );
}

function Rows({ title, drawing }: Props) {
  const text = useText();
  const { atMs, series, format } = drawing;
  const places = atMs.map((ms, place) => ({ ms, place }));
  const rows = places.filter(({ place }) => series.some(({ values }) => (values[place] ?? 0) !== 0));
  const columns: Column<{ ms: number; place: number }>[] = [
    { id: 'at', head: text('chart.time'), cell: ({ ms }) => <Time at={new Date(ms).toISOString()} /> },
    ...series.map((one) => ({
      id: one.id,
      head: one.label,
      end: true,
      cell: ({ place }: { place: number }) => valueAt(one, place, format),
    })),
  ];
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="chart-rows" aria-label={title} tabIndex={0}>
        <Table label={title} columns={columns} rows={rows} rowKey={({ ms }) => String(ms)} />
      </section>
      {rows.length < atMs.length && <p className="field-hint">{text('chart.leftOut')}</p>}
    </>
  );
}
