import type { IntlShape } from 'react-intl';
import uPlot from 'uplot';
import { type Drawing, dataOf, plotOptions } from './plot-options.ts';

type Around = {
  readonly intl: IntlShape;
  readonly zone: string;
  readonly onCursor: (index: number | undefined) => void;
  readonly onZoom: (fromMs: number, toMs: number) => void;
};

export type Drawn = {
  show(drawing: Drawing): void;
  /** The place of the time that is looked at. */
  point(index: number | undefined): void;
  /** From one place to another, both with their steps; undefined: nothing. */
  select(places: readonly [number, number] | undefined): void;
  remove(): void;
};

/** Shorter drags are clicks. */
const DRAG_PX = 6;
const NOWHERE = { left: -10, top: -10 };
const NOTHING = { left: 0, top: 0, width: 0, height: 0 };

/** What our colours come to where the element stands. */
function colourIn(host: HTMLElement, name: string): string {
  const probe = host.appendChild(document.createElement('span'));
  probe.style.color = `var(--${name})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** A chart in an element, as wide as that is. */
export function drawPlot(host: HTMLElement, first: Drawing, around: Around): Drawn {
  const { intl, zone, onCursor, onZoom } = around;
  let drawing = first;
  const font = getComputedStyle(host).fontFamily;
  const colour = (name: string) => colourIn(host, name);
  const options = plotOptions({ intl, zone, colour, font, drawing: () => drawing }, host.clientWidth);
  const cursor: uPlot.Cursor = {
    y: false,
    points: { show: false },
    drag: { x: true, y: false, setScale: false, dist: DRAG_PX },
  };
  const hooks: uPlot.Hooks.Arrays = {
    ...options.hooks,
    setCursor: [({ cursor: { left = -1 } }) => onCursor(placeAt(left))],
    setSelect: [zoom],
  };
  const plot = new uPlot({ ...options, cursor, hooks }, dataOf(drawing), host);
  const watch = new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height: plot.height }));
  watch.observe(host);

  const pixelOf = (ms: number) => plot.valToPos(ms / 1000, 'x');

  /** The place whose time a pixel belongs to. */
  function placeAt(left: number): number | undefined {
    const { atMs, stepMs } = drawing;
    const [start] = atMs;
    if (left < 0 || start === undefined) return undefined;
    const place = Math.floor((plot.posToVal(left, 'x') * 1000 - start) / stepMs);
    return Math.min(Math.max(place, 0), atMs.length - 1);
  }

  function zoom({ select: { left, width } }: uPlot): void {
    if (width < DRAG_PX) return;
    onZoom(plot.posToVal(left, 'x') * 1000, plot.posToVal(left + width, 'x') * 1000);
    plot.setSelect(NOTHING, false);
  }

  return {
    show(next) {
      drawing = next;
      plot.setData(dataOf(next));
    },
    point(index) {
      const ms = index === undefined ? undefined : drawing.atMs[index];
      if (placeAt(plot.cursor.left ?? -1) === index) return;
      plot.setCursor(ms === undefined ? NOWHERE : { left: pixelOf(ms + drawing.stepMs / 2), top: 1 }, false);
    },
    select(places) {
      const [from, to] = (places ?? []).map((place) => drawing.atMs[place]);
      if (from === undefined || to === undefined) return plot.setSelect(NOTHING, false);
      const left = pixelOf(from);
      const width = pixelOf(to + drawing.stepMs) - left;
      plot.setSelect({ left, top: 0, width, height: plot.over.clientHeight }, false);
    },
    remove() {
      watch.disconnect();
      plot.destroy();
    },
  };
}
