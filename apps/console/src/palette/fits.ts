const LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
const CYRILLIC = 'йцукенгшщзхъфывапролджэячсмитьбюё';

/** As the other keyboard would have written it: who has forgotten to switch is understood all the same. */
export function otherKeyboard(text: string): string {
  return Array.from(text, (one) => {
    const latin = LATIN.indexOf(one);
    const cyrillic = CYRILLIC.indexOf(one);
    return CYRILLIC[latin] ?? LATIN[cyrillic] ?? one;
  }).join('');
}

const folded = (text: string) => text.trim().toLocaleLowerCase().replaceAll('ё', 'е');

/** How well a name fits what was entered: 0 is best; undefined: it does not. */
export function fit(entered: string, name: string): number | undefined {
  const looked = folded(name);
  const places = [folded(entered), folded(otherKeyboard(entered.toLocaleLowerCase()))].map((words) =>
    looked.indexOf(words),
  );
  const found = places.filter((place) => place !== -1);
  if (found.length === 0) return undefined;
  const place = Math.min(...found);
  const isWordStart = place === 0 || /\W/u.test(looked[place - 1] ?? '');
  return isWordStart ? place : place + looked.length;
}

/** What fits, the best first. */
export function fitting<T extends { readonly name: string }>(
  entered: string,
  all: readonly T[],
): readonly T[] {
  const places = new Map(all.map((one) => [one, fit(entered, one.name)]));
  return all
    .filter((one) => places.get(one) !== undefined)
    .toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
}
