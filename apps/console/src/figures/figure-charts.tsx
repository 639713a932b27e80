import { STEP_MS } from '@anika/core/stats/figures';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { type IntlShape, useIntl } from 'react-intl';
import { useDuration } from '../i18n/use-duration.ts';
import { useText } from '../i18n/use-text.ts';
import { Chart } from '../ui/chart.tsx';
import { Empty } from '../ui/empty.tsx';
import { Freshness } from '../ui/freshness.tsx';
import { Section } from '../ui/page.tsx';
import type { Drawing } from '../ui/plot-options.ts';
import { Problem } from '../ui/problem.tsx';
import type { Series } from '../ui/series.ts';
import { Waiting } from '../ui/waiting.tsx';
import { useFigureWords } from './figure-words.ts';
import { zoomed } from './range.ts';
import { RangePicker } from './range-picker.tsx';
import {
  COUNTS,
  type Count,
  type FiguresOf,
  isNothing,
  sumsOf,
  TIMES,
  type TimeColumn,
} from './read-figures.ts';
import { type Loaded, useFigures } from './use-figures.ts';
import { useRange } from './use-range.ts';

type Props = {
  readonly of: FiguresOf;
  readonly lead?: string;
  /** Whose, where there is something to choose. */
  readonly chooser?: ReactNode;
};

/** What was accepted, delivered and failed in the time of the page, and how long it took. */
export function FigureCharts({ of, lead, chooser }: Props) {
  const text = useText();
  const [range, setRange] = useRange();
  const found = useFigures(of, range);
  const { data, error, refresh } = found;
  return (
    <Section
      title={text('figures.title')}
      {...(lead !== undefined && { lead })}
      actions={<Freshness {...found} failed={error !== null} />}
    >
      <div className="chart-bar">
        {chooser}
        <RangePicker range={range} onChange={setRange} />
      </div>
      {error !== null && <Problem problem={error} onRetry={refresh} />}
      {data === undefined && error === null && <Waiting />}
      {data !== undefined && <Found {...data} />}
    </Section>
  );
}

function Found(loaded: Loaded) {
  const text = useText();
  if (isNothing(sumsOf(loaded.figures))) {
    return <Empty icon="tail" title={text('figures.nothing')} hint={text('figures.nothingHint')} />;
  }
  return <Charts {...loaded} />;
}

function Charts(loaded: Loaded) {
  const text = useText();
  const words = useFigureWords(loaded.figures);
  const [, setRange] = useRange();
  const [cursor, setCursor] = useState<number>();
  const { as } = useSearch({ strict: false });
  const navigate = useNavigate();
  const both = {
    cursor,
    onCursor: setCursor,
    onZoom: (fromMs: number, toMs: number) => setRange(zoomed(loaded.span.step, fromMs, toMs)),
    asTable: as === 'table',
    onAsTable: (asTable: boolean) =>
      void navigate({
        to: '.',
        search: (before) => ({ ...before, as: asTable ? 'table' : undefined }),
        resetScroll: false,
      }),
  };
  return (
    <div className="charts">
      <Chart {...both} title={text('figures.counts')} summary={words.counts} drawing={useCounts(loaded)} />
      <Chart {...both} title={text('figures.timesTitle')} summary={words.times} drawing={useTimes(loaded)} />
    </div>
  );
}

const COUNT_LOOKS: Readonly<Record<Count, Pick<Series, 'tone' | 'dash'>>> = {
  accepted: { tone: 'busy' },
  delivered: { tone: 'good', dash: [7, 2] },
  failed: { tone: 'wait', dash: [4, 3] },
  dead: { tone: 'bad', dash: [2, 2] },
};

function timesOf({ figures: { t }, span: { step }, growsFromMs }: Loaded) {
  return { atMs: t.map((at) => Date.parse(at)), stepMs: STEP_MS[step], growsFromMs };
}

function useCounts(loaded: Loaded): Drawing {
  const text = useText();
  const { formatNumber } = useIntl();
  return useMemo(() => {
    const sums = sumsOf(loaded.figures);
    // What never happened needs no line along the bottom.
    const happened = COUNTS.filter(
      (count) => count === 'accepted' || count === 'delivered' || sums[count] > 0,
    );
    const series = happened.map((id) => ({
      ...COUNT_LOOKS[id],
      id,
      label: text(`figures.${id}`),
      values: loaded.figures[id],
      whole: formatNumber(sums[id]),
    }));
    return { ...timesOf(loaded), shape: 'counts', series, format: (value) => formatNumber(value) };
  }, [loaded, text, formatNumber]);
}

const TIME_LOOKS: Readonly<Record<TimeColumn, Pick<Series, 'tone' | 'dash'>>> = {
  p50: { tone: 'good' },
  p95: { tone: 'busy', dash: [7, 3] },
  p99: { tone: 'wait', dash: [2, 3] },
};

/** A power of ten, without a fraction. */
function wholeUnit(formatNumber: IntlShape['formatNumber'], ms: number): string {
  const inSeconds = ms >= 1000;
  return formatNumber(inSeconds ? ms / 1000 : ms, {
    style: 'unit',
    unit: inSeconds ? 'second' : 'millisecond',
    unitDisplay: 'short',
  });
}

function useTimes(loaded: Loaded): Drawing {
  const text = useText();
  const duration = useDuration();
  const { formatNumber } = useIntl();
  return useMemo(() => {
    const series = TIMES.map((id) => ({
      ...TIME_LOOKS[id],
      id,
      label: text(`figures.${id}`),
      values: loaded.figures[id],
    }));
    return {
      ...timesOf(loaded),
      shape: 'sizes',
      series,
      format: duration,
      formatAxis: (ms) => wholeUnit(formatNumber, ms),
    };
  }, [loaded, text, duration, formatNumber]);
}
