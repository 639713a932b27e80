import { useEffect, useRef, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { Sparkline } from '../ui/sparkline.tsx';
import { sumsInWords } from './figure-words.ts';
import type { Range } from './range.ts';
import { type Figures, type FiguresOf, isNothing, sumsOf } from './read-figures.ts';
import { useFigures } from './use-figures.ts';

/** What rows of lists show. */
export const LAST_HOUR: Range = { kind: 'last', last: '1h' };
/** Of the last minutes not everything is counted: a line would fall there. */
const STILL_COUNTED = 2;
/** There are many of them on a page. */
const REFRESH_MS = 60_000;

export function useLastHour(of: FiguresOf, enabled = true): Figures | undefined {
  return useFigures(of, LAST_HOUR, { enabled, refreshMs: REFRESH_MS }).data?.figures;
}

/** The last hour of a row at a glance; asked for when the row comes into sight. */
export function TrafficLine({ of }: { readonly of: FiguresOf }) {
  const place = useRef<HTMLSpanElement>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const { current } = place;
    if (current === null) return;
    const watch = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
    });
    watch.observe(current);
    return () => watch.disconnect();
  }, []);
  const figures = useLastHour(of, isSeen);
  return (
    <span ref={place} className="traffic-line">
      {figures !== undefined && <Line figures={figures} />}
    </span>
  );
}

function Line({ figures }: { readonly figures: Figures }) {
  const text = useText();
  const sums = sumsOf(figures);
  if (isNothing(sums)) return <span className="own">{text('figures.quiet')}</span>;
  const { accepted, delivered, failed, dead } = figures;
  const values = accepted.map((count, index) => Math.max(count, delivered[index] ?? 0));
  const marks = failed.map((count, index) => count + (dead[index] ?? 0) > 0);
  return (
    <Sparkline
      label={`${text('figures.lastHour')}: ${sumsInWords(text, sums)}`}
      values={values.slice(0, -STILL_COUNTED)}
      marks={marks.slice(0, -STILL_COUNTED)}
    />
  );
}
