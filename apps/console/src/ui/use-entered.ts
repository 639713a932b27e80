import { useState } from 'react';

/**
 * What is entered into the fields of a search before it is applied, and what its form does: `narrow` puts it into the
 * address. An empty field narrows nothing.
 */
export function useEntered<S extends object>(applied: S, narrow: (to: Partial<S>) => void) {
  const [entered, setEntered] = useState<Partial<S>>(applied);
  const set = (name: keyof S) => (value: string) =>
    setEntered((before) => ({ ...before, [name]: value === '' ? undefined : value }));
  function onClear() {
    setEntered({});
    narrow({});
  }
  return { entered, set, form: { onApply: () => narrow(entered), onClear } };
}
