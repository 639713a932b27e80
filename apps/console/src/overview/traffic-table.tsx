import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { useIntl } from 'react-intl';
import { type Count, type FiguresOf, newest, sumsOf } from '../figures/read-figures.ts';
import { TrafficLine, useLastHour } from '../figures/traffic-line.tsx';
import { useDuration } from '../i18n/use-duration.ts';
import { type Text, useText } from '../i18n/use-text.ts';
import { type Column, Table } from '../ui/table.tsx';

export type TrafficRow = { readonly id: string; readonly name: ReactNode; readonly of: FiguresOf };

type Props = {
  readonly label: string;
  /** What the rows are. */
  readonly head: string;
  readonly rows: readonly TrafficRow[];
};

/** The last hour of some topics or subscriptions, a row each. */
export function TrafficTable({ label, head, rows }: Props) {
  const text = useText();
  const columns = useMemo(() => columnsOf(text, head), [text, head]);
  return <Table label={label} rows={rows} rowKey={({ id }) => id} columns={columns} />;
}

function columnsOf(text: Text, head: string): readonly Column<TrafficRow>[] {
  const count = (of: Count): Column<TrafficRow> => ({
    id: of,
    head: text(`figures.${of}`),
    end: true,
    cell: (row) => <Sum {...row} count={of} />,
  });
  return [
    { id: 'name', head, wide: true, cell: ({ name }) => name },
    { id: 'line', head: text('figures.lastHour'), cell: ({ of }) => <TrafficLine of={of} /> },
    count('accepted'),
    count('delivered'),
    count('failed'),
    count('dead'),
    { id: 'p95', head: text('figures.p95'), end: true, cell: ({ of }) => <Slow of={of} /> },
  ];
}

function Sum({ of, count }: TrafficRow & { readonly count: Count }) {
  const intl = useIntl();
  const figures = useLastHour(of);
  if (figures === undefined) return '–';
  const sum = sumsOf(figures)[count];
  const isBad = sum > 0 && (count === 'failed' || count === 'dead');
  return (
    <span className={isBad ? `tone-${count === 'dead' ? 'bad' : 'wait'}` : ''}>{intl.formatNumber(sum)}</span>
  );
}

function Slow({ of }: Pick<TrafficRow, 'of'>) {
  const duration = useDuration();
  const ms = newest(useLastHour(of)?.p95 ?? []);
  return ms === undefined ? '–' : duration(ms);
}
