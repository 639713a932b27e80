import { useState } from 'react';
import { Chart } from '../../src/ui/chart.tsx';
import { COUNTS, NO_COUNTS, ONE_COUNT, TIMES } from '../drawings.ts';
import { LONG, nothing } from '../facts.ts';

type Props = { readonly of?: typeof COUNTS; readonly asTable?: boolean; readonly title?: string };

function Shown({ of = COUNTS, asTable: first = false, title = 'Deliveries' }: Props) {
  const [asTable, setAsTable] = useState(first);
  const [cursor, setCursor] = useState<number>();
  return (
    <Chart
      title={title}
      summary="480 accepted, 471 delivered, 3 dead."
      drawing={of}
      cursor={cursor}
      onCursor={setCursor}
      onZoom={nothing}
      asTable={asTable}
      onAsTable={setAsTable}
    />
  );
}

export const OfCounts = () => <Shown />;
export const OfTimes = () => <Shown of={TIMES} title="Time to delivery" />;
export const OfOneCount = () => <Shown of={ONE_COUNT} />;
export const OfNothing = () => <Shown of={NO_COUNTS} />;
export const AsATable = () => <Shown asTable />;
export const LongTitle = () => <Shown title={LONG} />;
