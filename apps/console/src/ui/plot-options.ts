import type { IntlShape } from 'react-intl';
import uPlot from 'uplot';
import { loneIndexes, raised, type Series } from './series.ts';

/** What is drawn; each value is of the time from its own moment up to the next one. */
export type Drawing = {
  readonly atMs: readonly number[];
  readonly stepMs: number;
  readonly series: readonly Series[];
  /** Counts are steps that rise from nothing; sizes are lines, as far apart as their powers of ten. */
  readonly shape: 'counts' | 'sizes';
  readonly format: (value: number) => string;
  /** Along the axis, where it is another one. */
  readonly formatAxis?: (value: number) => string;
  /** What is later may still grow. */
  readonly growsFromMs: number;
};

type Around = {
  readonly intl: IntlShape;
  readonly zone: string;
  /** A name of our style sheets as a colour of the theme that is seen. */
  readonly colour: (name: string) => string;
  readonly font: string;
  /** As it is now. */
  readonly drawing: () => Drawing;
};

const HEIGHT = 190;
const FONT_PX = 12;
const MINUTE = 60;
const DAY = 86_400;
const TIME_STEPS = [1, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 10_080, 20_160, 43_200].map(
  (minutes) => minutes * MINUTE,
);
const COUNT_STEPS = Array.from({ length: 12 }, (_, power) =>
  [1, 2, 5].map((one) => one * 10 ** power),
).flat();
/** Counts of one or two do not fill the whole height. */
const COUNTS_MIN = 4;

/** A date where a day begins, times of day between. */
function timeLabels(intl: IntlShape, splits: readonly number[], stepSeconds: number): string[] {
  return splits.map((seconds) => {
    const ms = seconds * 1000;
    const time = intl.formatTime(ms, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    if (stepSeconds < DAY && time !== '00:00') return time;
    return intl.formatDate(ms, { day: 'numeric', month: 'short' });
  });
}

function grid({ colour }: Around): uPlot.Axis.Grid {
  return { stroke: colour('line'), width: 1 };
}

function powersOfTen(_: uPlot, splits: readonly number[]): (number | null)[] {
  return splits.map((value) => (Number.isInteger(Math.log10(value)) ? value : null));
}

function labelOf({ format, formatAxis = format }: Drawing, value: number): string {
  return formatAxis(value);
}

function axisOf(around: Around): uPlot.Axis {
  const { colour, font } = around;
  return {
    stroke: colour('muted'),
    font: `${FONT_PX}px ${font}`,
    grid: grid(around),
    ticks: { show: false },
    gap: 6,
  };
}

/** So much room as the longest label needs. */
function widthOf({ font }: Around, { ctx }: uPlot, labels: readonly (string | null)[] | null): number {
  ctx.font = `${FONT_PX}px ${font}`;
  const widths = (labels ?? []).map((label) => ctx.measureText(label ?? '').width);
  return Math.ceil(Math.max(0, ...widths)) + 14;
}

function axesOf(around: Around): uPlot.Axis[] {
  const { intl, drawing } = around;
  const { shape } = drawing();
  return [
    {
      ...axisOf(around),
      incrs: TIME_STEPS,
      space: 64,
      size: 28,
      values: (_, splits, __, ___, step) => timeLabels(intl, splits, step),
    },
    {
      ...axisOf(around),
      space: 32,
      size: (plot, labels) => widthOf(around, plot, labels),
      values: (_, splits) =>
        splits.map((value: number | null) => (value === null ? null : labelOf(drawing(), value))),
      ...(shape === 'counts' ? { incrs: COUNT_STEPS } : { grid: { ...grid(around), filter: powersOfTen } }),
    },
  ];
}

function seriesOf({ drawing, colour }: Around): uPlot.Series[] {
  const { series, shape } = drawing();
  const steps = uPlot.paths.stepped?.({ align: 1, extend: true });
  return series.map(({ tone, dash }, index) => ({
    stroke: colour(tone),
    width: 1.75,
    ...(dash !== undefined && { dash: [...dash] }),
    ...(shape === 'counts' && index === 0 && { fill: colour(`${tone}-soft`) }),
    ...(shape === 'counts' && steps !== undefined && { paths: steps }),
    points: {
      show: shape === 'sizes',
      size: 5,
      fill: colour(tone),
      filter: () => loneIndexes(drawing().series[index]?.values ?? []),
    },
  }));
}

function boundsOf({ atMs, stepMs }: Drawing): [number, number] {
  const [first, last] = [atMs[0] ?? 0, atMs.at(-1) ?? 0];
  return [first / 1000, (last + stepMs) / 1000];
}

/** Behind everything: what may still grow. */
function shade({ ctx, bbox, valToPos }: uPlot, colour: string, { drawing }: Around): void {
  const from = Math.max(bbox.left, valToPos(drawing().growsFromMs / 1000, 'x', true));
  const width = bbox.left + bbox.width - from;
  if (width <= 0) return;
  ctx.fillStyle = colour;
  ctx.fillRect(from, bbox.top, width, bbox.height);
}

/** Half of the last label of the time stands beyond the end. */
const LABEL_END_PX = 24;

export function plotOptions(around: Around, width: number): uPlot.Options {
  const { zone, drawing, colour } = around;
  const growing = colour('off-soft');
  const counts: uPlot.Scale = { range: (_, __, max) => [0, Math.max(COUNTS_MIN, max * 1.08)] };
  const sizes: uPlot.Scale = {
    distr: 3,
    range: (_, min, max) => uPlot.rangeLog(min || 1, max || 10, 10, true),
  };
  return {
    width,
    height: HEIGHT,
    padding: [8, LABEL_END_PX, 0, 0],
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone),
    legend: { show: false },
    scales: { x: { range: () => boundsOf(drawing()) }, y: drawing().shape === 'counts' ? counts : sizes },
    series: [{}, ...seriesOf(around)],
    axes: axesOf(around),
    hooks: { drawClear: [(plot) => shade(plot, growing, around)] },
  };
}

/** A line of sizes goes through the middles of their times. */
export function dataOf({ atMs, stepMs, series, shape }: Drawing): uPlot.AlignedData {
  if (shape === 'counts') {
    return [atMs.map((ms) => ms / 1000), ...series.map(({ values }) => raised(values))];
  }
  return [atMs.map((ms) => (ms + stepMs / 2) / 1000), ...series.map(({ values }) => [...values])];
}
