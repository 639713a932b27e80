import { useState } from 'react';
import { Table } from '../../src/ui/table.tsx';
import { HOSTILE, LONG, UNBROKEN } from '../facts.ts';
import { COLUMNS, type Row, rowsOf } from '../rows.tsx';

const table = { label: 'Messages', columns: COLUMNS, rowKey: ({ id }: Row) => id };

export const Rows = () => <Table {...table} rows={rowsOf('car.selected', 'car.returned')} />;
export const NoRows = () => <Table {...table} label="No messages" rows={[]} />;
export const Long = () => <Table {...table} label="Long" rows={rowsOf(LONG, UNBROKEN)} />;
export const Hostile = () => (
  <Table {...table} label="Hostile" rows={rowsOf(HOSTILE, `${HOSTILE}${UNBROKEN}`)} />
);
export function Selected() {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set(rowsOf('one').map(({ id }) => id)));
  const toggle = (key: string) =>
    setSelected(
      (before) => new Set(before.has(key) ? [...before].filter((one) => one !== key) : [...before, key]),
    );
  return <Table {...table} label="To choose" rows={rowsOf('one', 'two')} selection={{ selected, toggle }} />;
}
