import { useState } from 'react';
import { Plot } from '../../src/ui/plot.tsx';
import { COUNTS, NO_COUNTS, TIMES } from '../drawings.ts';
import { nothing } from '../facts.ts';

function Shown({ of, at }: { readonly of: typeof COUNTS; readonly at?: number }) {
  const [cursor, setCursor] = useState(at);
  return (
    <Plot
      label="Deliveries"
      drawing={of}
      cursor={cursor}
      reading={`minute ${cursor ?? 59}`}
      onCursor={setCursor}
      onZoom={nothing}
    />
  );
}

export const Counts = () => <Shown of={COUNTS} />;
export const WithACursor = () => <Shown of={COUNTS} at={22} />;
export const Sizes = () => <Shown of={TIMES} />;
export const Nothing = () => <Shown of={NO_COUNTS} />;
