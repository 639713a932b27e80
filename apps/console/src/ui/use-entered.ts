import { useState } from 'react';

/** What is entered into the fields of a search before it is applied; an empty field narrows nothing. */
export function useEntered<S extends object>(applied: S) {
  const [entered, setEntered] = useState<Partial<S>>(applied);
  const set = (name: keyof S) => (value: string) =>
    setEntered((before) => ({ ...before, [name]: value === '' ? undefined : value }));
  return { entered, set, clear: () => setEntered({}) };
}
