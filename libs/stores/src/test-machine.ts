import type fc from 'fast-check';

/** @throws Error unless what is stored says the same as what the core decided, in whatever order */
export function checkStored(actual: object | undefined, expected: object): void {
  if (JSON.stringify(sorted(actual)) !== JSON.stringify(sorted(expected))) {
    throw new Error(`stored ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
  }
}

function sorted(of: object | undefined): unknown {
  return of && Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Makes commands of a model test, of which each is followed by a look at what is stored. */
export function commandsThatEndWith<Model extends object, Real>(
  compare: (model: Model, real: Real) => Promise<void>,
) {
  return (name: string, run: (model: Model, real: Real) => Promise<void>): fc.AsyncCommand<Model, Real> => ({
    check: () => true,
    toString: () => name,
    async run(model, real) {
      await run(model, real);
      await compare(model, real);
    },
  });
}
