import type { PointerEvent } from 'react';
import { type IntlShape, useIntl } from 'react-intl';
import { usePreferences } from '../i18n/preferences.tsx';

const STEPS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** „3 minutes ago“, of two moments in milliseconds. */
export function relativeTime(
  intl: Pick<IntlShape, 'formatRelativeTime'>,
  atMs: number,
  nowMs: number,
): string {
  const difference = atMs - nowMs;
  const [unit, ms] = STEPS.find(([, step]) => Math.abs(difference) >= step) ?? ['second', 1000];
  return intl.formatRelativeTime(Math.round(difference / ms), unit, { numeric: 'auto' });
}

/** How exactly a moment is shown. */
type Exactness = 'minute' | 'second' | 'millisecond';

type Props = {
  readonly at: string;
  readonly to?: Exactness;
};

/** A moment in the zone of the page, with its year where that is not this one. */
export function momentText(
  intl: Pick<IntlShape, 'formatDate'>,
  at: string,
  to: Exactness = 'minute',
): string {
  const date = new Date(at);
  return intl.formatDate(date, {
    day: 'numeric',
    month: 'short',
    ...(date.getFullYear() !== new Date().getFullYear() && { year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    ...(to !== 'minute' && { second: '2-digit' }),
    ...(to === 'millisecond' && { fractionalSecondDigits: 3 }),
  });
}

/** A moment in the zone of the page; the pointer finds UTC, the zone and how long ago. */
export function Time({ at, to = 'minute' }: Props) {
  const intl = useIntl();
  const { zone, browserZone } = usePreferences();
  const date = new Date(at);
  // Found out when it is looked for: how long ago it was would not be true any more.
  const tell = (event: PointerEvent<HTMLElement>) => {
    const ago = relativeTime(intl, date.getTime(), Date.now());
    event.currentTarget.title = `${date.toISOString()} · ${zone ?? browserZone} · ${ago}`;
  };
  return (
    <time dateTime={at} className={to === 'minute' ? undefined : 'exact'} onPointerEnter={tell}>
      {momentText(intl, at, to)}
    </time>
  );
}

/** How long ago, for what is looked at for its age. */
export function Ago({ at }: { readonly at: string }) {
  const intl = useIntl();
  const date = new Date(at);
  return (
    <time dateTime={at} title={date.toISOString()}>
      {relativeTime(intl, date.getTime(), Date.now())}
    </time>
  );
}
