import './styles/plot.css';
import { type KeyboardEvent, type RefObject, useEffect, useEffectEvent, useId, useRef } from 'react';
import { useIntl } from 'react-intl';
import { usePreferences } from '../i18n/preferences.tsx';
import { useText } from '../i18n/use-text.ts';
import { type Drawn, drawPlot } from './draw-plot.ts';
import { between, moved } from './plot-keys.ts';
import type { Drawing } from './plot-options.ts';

export type PlotProps = {
  /** What it is of; read out. */
  readonly label: string;
  readonly drawing: Drawing;
  /** The place of the time that is looked at. */
  readonly cursor: number | undefined;
  /** What there is to be read at it. */
  readonly reading: string;
  readonly onCursor: (index: number | undefined) => void;
  readonly onZoom: (fromMs: number, toMs: number) => void;
};

/** Canvas with a cursor that the pointer moves, and the arrow keys. Made anew by its key for other colours and words. */
export function Plot(props: PlotProps) {
  const { label, drawing, cursor, reading } = props;
  const text = useText();
  const hint = useId();
  const { host, drawn } = useDrawn(props);
  const last = Math.max(0, drawing.atMs.length - 1);
  useEffect(() => drawn.current?.point(cursor), [drawn, cursor]);
  return (
    <div
      ref={host}
      className="plot"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-describedby={hint}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={cursor ?? last}
      aria-valuetext={reading}
      onKeyDown={useKeys(props, drawn)}
    >
      <span id={hint} className="visually-hidden">
        {text('chart.keys')}
      </span>
    </div>
  );
}

function useDrawn(props: PlotProps) {
  const { drawing } = props;
  const intl = useIntl();
  const { zone, browserZone } = usePreferences();
  const host = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn>(null);
  const draw = useEffectEvent((element: HTMLDivElement) =>
    drawPlot(element, drawing, {
      intl,
      zone: zone ?? browserZone,
      onCursor: (index) => onCursor(index),
      onZoom: (fromMs, toMs) => onZoom(fromMs, toMs),
    }),
  );
  const onCursor = useEffectEvent(props.onCursor);
  const onZoom = useEffectEvent(props.onZoom);
  useEffect(() => {
    if (host.current === null) return;
    const made = draw(host.current);
    drawn.current = made;
    return () => made.remove();
  }, []);
  useEffect(() => drawn.current?.show(drawing), [drawing]);
  return { host, drawn };
}

/** Arrow keys move the cursor, with Shift they select, Enter shows what is selected. */
function useKeys({ drawing, cursor, onCursor, onZoom }: PlotProps, drawn: RefObject<Drawn | null>) {
  const { atMs } = drawing;
  const anchor = useRef<number>(undefined);
  function select(from: number | undefined, to: number): void {
    anchor.current = from;
    drawn.current?.select(from === undefined ? undefined : between(from, to));
  }
  function zoom(from: number, to: number): void {
    const [first, last] = between(from, to).map((place) => atMs[place]);
    if (first !== undefined && last !== undefined) onZoom(first, last);
  }
  return (event: KeyboardEvent) => {
    const place = cursor ?? atMs.length - 1;
    if (event.key === 'Enter' && anchor.current !== undefined) zoom(anchor.current, place);
    if (event.key === 'Enter' || event.key === 'Escape') return select(undefined, place);
    const next = moved(event.key, place, atMs.length);
    if (next === undefined) return;
    event.preventDefault();
    select(event.shiftKey ? (anchor.current ?? place) : undefined, next);
    onCursor(next);
  };
}
