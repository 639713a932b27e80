import { useCallback } from 'react';
import { useIntl } from 'react-intl';

type Unit = 'millisecond' | 'second' | 'minute' | 'hour' | 'day';
const UNITS: readonly (readonly [Unit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
  ['millisecond', 1],
];

/** In the largest unit that it has at least one of: `84 ms`, `2.5 min`. */
export function unitOf(ms: number): { readonly unit: Unit; readonly value: number } {
  const [unit, size] = UNITS.find(([, each]) => ms >= each) ?? ['millisecond', 1];
  return { unit, value: ms / size };
}

export function useDuration(): (ms: number) => string {
  const { formatNumber } = useIntl();
  return useCallback(
    (ms) => {
      const { unit, value } = unitOf(ms);
      const digits = unit === 'millisecond' || value >= 100 ? 0 : 1;
      return formatNumber(value, {
        style: 'unit',
        unit,
        unitDisplay: 'short',
        maximumFractionDigits: digits,
      });
    },
    [formatNumber],
  );
}
