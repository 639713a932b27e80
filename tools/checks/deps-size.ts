type Source = { readonly path: string; readonly text: string };

/** A file that only puts together is read in one look. */
const LINES_MAX = 60;

/** Composition that has grown: behaviour hides in it, or several nouns share one file. */
export function depsDifferences(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const lines = text.split('\n').length - 1;
    if (lines <= LINES_MAX) return [];
    return [
      `${path}: has ${lines} lines, at most ${LINES_MAX}: bring what it decides into a use case, or divide it by noun`,
    ];
  });
}
