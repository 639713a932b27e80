import { type ExactNumber, sortableText } from '@anika/core/decimal';
import { searchableData } from '@anika/core/message-values';

/**
 * Member names as MongoDB can store and search them. Its paths give a meaning to dots, to a leading dollar
 * and to names of digits (array positions), its driver to `_bsontype`; a percent sign marks what was written differently.
 */
export function encodeKey(name: string): string {
  const encoded = name
    .replaceAll('%', '%25')
    .replaceAll('.', '%2e')
    .replaceAll('\u0000', '%00')
    .replace(/^\$/, '%24')
    .replace(/^_bsontype$/, '%5fbsontype');
  return encoded === '' || /^\d+$/.test(encoded) ? `%_${encoded}` : encoded;
}

/** The member that stands for a number beyond a double: no name is encoded to it. */
export const EXACT_KEY = '%~';

/** A number that a double does not hold is an object with a text that sorts as the numbers do. */
function encodeExact({ decimal }: ExactNumber): unknown {
  return { [EXACT_KEY]: sortableText(decimal) };
}

/** Data as it is stored to be searched, with every member name encoded; `__proto__` is a name like any other. */
export function encodeData(data: unknown): unknown {
  return searchableData(data, { name: encodeKey, exact: encodeExact });
}
