import { DeliveryStateBadge } from '../src/deliveries/delivery-state.tsx';
import { Id } from '../src/ui/id.tsx';
import type { Column } from '../src/ui/table.tsx';
import { Time } from '../src/ui/time.tsx';
import { Visible } from '../src/ui/visible.tsx';
import { AT, MESSAGE_ID } from './facts.ts';

export type Row = { readonly id: string; readonly name: string; readonly count: string };

export const COLUMNS: readonly Column<Row>[] = [
  {
    id: 'name',
    head: 'Name',
    wide: true,
    cell: ({ name }) => (
      <a href="#row">
        <Visible text={name} />
      </a>
    ),
  },
  { id: 'state', head: 'State', cell: () => <DeliveryStateBadge state="delivered" /> },
  { id: 'at', head: 'At', cell: () => <Time at={AT} /> },
  { id: 'id', head: 'Id', tight: true, cell: ({ id }) => <Id value={id} short /> },
  { id: 'count', head: 'Attempts', end: true, cell: ({ count }) => count },
];

export function rowsOf(...names: readonly string[]): readonly Row[] {
  return names.map((name, place) => ({ id: `${MESSAGE_ID.slice(0, -1)}${place}`, name, count: '1 234' }));
}
