import type { ReactNode } from 'react';

export type Figure = { readonly id: string; readonly name: ReactNode; readonly value: string };

/** A few numbers beside each other. */
export function Figures({ items }: { readonly items: readonly Figure[] }) {
  return (
    <div className="figures">
      {items.map(({ id, name, value }) => (
        <div key={id} className="figure">
          <span className="figure-value">{value}</span>
          <span className="figure-name">{name}</span>
        </div>
      ))}
    </div>
  );
}
