import { useState } from 'react';
import type { Range } from '../../src/figures/range.ts';
import { RangePicker } from '../../src/figures/range-picker.tsx';
import { AT } from '../facts.ts';

function Shown({ of }: { readonly of: Range }) {
  const [range, setRange] = useState(of);
  return <RangePicker range={range} onChange={setRange} />;
}

const fromMs = Date.parse(AT);

export const UpToNow = () => <Shown of={{ kind: 'last', last: '24h' }} />;
export const BetweenTwoMoments = () => <Shown of={{ kind: 'between', fromMs, toMs: fromMs + 86_400_000 }} />;
