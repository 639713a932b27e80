/**
 * „a, b and c“. Not by react-intl, whose lists take an item like `constructor` for a member of an object and leave it
 * out.
 */
export function listOf(language: string, items: readonly string[]): string {
  return new Intl.ListFormat(language).format(items);
}
