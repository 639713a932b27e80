import { parse, TYPE } from '@formatjs/icu-messageformat-parser';

type Element = ReturnType<typeof parse>[number];

/** Names of what is put in, and of the plurals with their classes. */
export function readText(text: string): { names: string[]; plurals: string[][] } {
  const names = new Set<string>();
  const plurals: string[][] = [];
  const walk = (elements: readonly Element[]): void => {
    for (const element of elements) {
      if ('value' in element && element.type !== TYPE.literal) names.add(element.value);
      if (element.type === TYPE.plural || element.type === TYPE.select) {
        if (element.type === TYPE.plural) plurals.push(Object.keys(element.options));
        for (const option of Object.values(element.options)) walk(option.value);
      }
    }
  };
  walk(parse(text));
  return { names: [...names].sort(), plurals };
}
