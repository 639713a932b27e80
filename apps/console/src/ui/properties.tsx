import type { ReactNode } from 'react';
import { visible } from './visible.tsx';

export type Property = { readonly name: string; readonly value: ReactNode };

/** Facts of one thing. What is undefined is left out. */
export function Properties({ items }: { readonly items: readonly (Property | undefined)[] }) {
  return (
    <dl className="properties">
      {items
        .filter((item) => item !== undefined)
        .map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{visible(value)}</dd>
          </div>
        ))}
    </dl>
  );
}
