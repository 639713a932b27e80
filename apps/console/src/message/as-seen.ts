import { compileMask, parseFieldMask } from '@anika/core/field-mask';
import { elementTexts, memberTexts } from '@anika/core/json-text';
import { isReservedType } from '@anika/core/message';
import type { JsonObject } from '../ui/json-object.ts';
import { kindOf, prettyJson } from '../ui/pretty-json.ts';

/** What a mask rules; `dataText` is JSON, digits and all. */
export type Parts = { readonly type: string; readonly key: string | null; readonly dataText: string };
export type Seen = Pick<Parts, 'key' | 'dataText'>;

/** What the fields of a grant leave of a message, by the mask that ANIKA sends by; undefined where they are none. */
export function seenUnder(
  fields: Readonly<JsonObject> | null,
  { type, key, dataText }: Parts,
): Seen | undefined {
  // What ANIKA itself says of a message that was taken back, no mask hides.
  if (fields === null || isReservedType(type)) return { key, dataText };
  const parsed = parseFieldMask(fields);
  if (!parsed.ok) return undefined;
  const mask = compileMask(parsed.mask);
  return { key: mask.showsKey ? key : null, dataText: mask.applyText(dataText) };
}

/** A line of JSON as it was published, and as it was got; undefined: it is hidden. */
export type Line = { readonly published: string; readonly got: string | undefined };

type Node = {
  /** With its quotes. */
  readonly nameText?: string;
  readonly published: string;
  readonly got: string | undefined;
};
type Ends = { readonly published: string; readonly got: string };

const NO_ENDS: Ends = { published: '', got: '' };

/** Line beside line: a mask only leaves out, so what is left is found in the order in which it was. */
export function linesOf({ published, got }: { readonly published: string; readonly got: string }): Line[] {
  const isScalar = sortOf(published) === 'scalar';
  const isHidden = isScalar ? prettyJson(published) !== prettyJson(got) : sortOf(published) !== sortOf(got);
  const lines = linesOfNode({ published, got: isHidden ? undefined : got }, '', NO_ENDS);
  return isHidden ? [...lines, { published: '', got: prettyJson(got) }] : lines;
}

function linesOfNode(node: Node, indent: string, ends: Ends): Line[] {
  const line = (text: string, { published, got }: Ends): Line => ({
    published: `${indent}${text}${published}`,
    got: node.got === undefined ? undefined : `${indent}${text}${got}`,
  });
  const head = node.nameText === undefined ? '' : `${node.nameText}: `;
  const children = childrenOf(node);
  if (children.length === 0) return [line(`${head}${prettyJson(node.published)}`, ends)];
  const [open, close] = kindOf(node.published) === 'object' ? ['{', '}'] : ['[', ']'];
  const lastGot = children.findLastIndex(({ got }) => got !== undefined);
  const inner = children.flatMap((child, at) =>
    linesOfNode(child, `${indent}  `, {
      published: at < children.length - 1 ? ',' : '',
      got: at < lastGot ? ',' : '',
    }),
  );
  return [line(`${head}${open}`, NO_ENDS), ...inner, line(close, ends)];
}

function childrenOf({ published, got }: Node): readonly Node[] {
  const kind = kindOf(published);
  if (kind === 'object') {
    const left = got === undefined ? [] : memberTexts(got);
    return memberTexts(published).map(({ nameText, valueText }) => {
      const isLeft = left[0]?.nameText === nameText;
      return { nameText, published: valueText, got: isLeft ? left.shift()?.valueText : undefined };
    });
  }
  if (kind !== 'array') return [];
  // Items go by their sort: a mask hides all objects of an array, all arrays or all of the rest.
  const left = got === undefined ? [] : elementTexts(got);
  return elementTexts(published).map((item) => {
    const isLeft = left[0] !== undefined && sortOf(left[0]) === sortOf(item);
    return { published: item, got: isLeft ? left.shift() : undefined };
  });
}

function sortOf(text: string): 'object' | 'array' | 'scalar' {
  const kind = kindOf(text);
  return kind === 'object' || kind === 'array' ? kind : 'scalar';
}
