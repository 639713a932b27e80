import { type IntlShape, useIntl } from 'react-intl';
import { useDuration } from '../i18n/use-duration.ts';
import { type Text, useText } from '../i18n/use-text.ts';
import { bounds, type Figures, isNothing, peakOf, type Sums, sumsOf } from './read-figures.ts';

export type Words = { readonly counts: string; readonly times: string };

function when({ formatDate }: IntlShape, at: string): string {
  return formatDate(at, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}

/** „118 accepted, 117 delivered …“ */
export function sumsInWords(text: Text, sums: Sums): string {
  return text('figures.sums', sums);
}

/** Two times that read the same are one. */
function spanOf(least: string, most: string) {
  return { least, most, alike: least === most ? 'yes' : 'other' };
}

/** What there is to be seen in the charts, a sentence for each. */
export function useFigureWords(figures: Figures): Words {
  const intl = useIntl();
  const text = useText();
  const duration = useDuration();
  const { t, accepted, delivered, p50, p99 } = figures;
  const sums = sumsOf(figures);
  const busiest = peakOf(t, accepted) ?? peakOf(t, delivered);
  const median = bounds(p50);
  const slowest = peakOf(t, p99);
  const most = busiest && ` ${text('figures.busiest', { at: when(intl, busiest.at), count: busiest.value })}`;
  return {
    counts: isNothing(sums) ? text('figures.nothing') : `${sumsInWords(text, sums)}${most ?? ''}`,
    times:
      median === undefined || slowest === undefined
        ? text('figures.noTimes')
        : text('figures.times', {
            ...spanOf(duration(median[0]), duration(median[1])),
            at: when(intl, slowest.at),
            slowest: duration(slowest.value),
          }),
  };
}
