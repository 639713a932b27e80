import fc from 'fast-check';

export type Mask = { readonly include: readonly string[] } | { readonly exclude: readonly string[] };
/** A member's name, or undefined for an item of an array. */
type Step = string | undefined;
type Leaf = { readonly at: readonly Step[]; readonly kind: Kind };
type Kind = (typeof KINDS)[number];

/** A mask, and two documents that differ only in what it hides. */
export type Twins = {
  readonly mask: Mask;
  readonly documents: readonly [unknown, unknown];
  /** Of the first document. */
  readonly hidden: readonly { readonly path: string; readonly value: unknown }[];
  /** With the way there, array items as `[]`, sorted. */
  readonly visible: readonly string[];
};

const KINDS = ['text', 'number', 'truth', 'nothing'] as const;
const NAMES = ['a', 'b', 'цена', '*', 'a.b', '__proto__', '$gt', '0'];
const SECRET = /тайна|47110/;

/** No text that a reader gets may hold this. */
export function tellsSecrets(text: string): boolean {
  return SECRET.test(text);
}

const shape = fc.letrec<{ shape: unknown }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<unknown>(...KINDS),
    fc.array(tie('shape'), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.constantFrom(...NAMES), tie('shape')), { minLength: 1, maxLength: 4 })
      .map((members) => Object.fromEntries(members) as unknown),
  ),
})).shape;

/** Towards a leaf of the document, so that masks meet it. */
const aim = fc.record({
  leaf: fc.nat(50),
  depth: fc.integer({ min: 1, max: 5 }),
  arrays: fc.constantFrom('named', 'skipped', 'expected'),
});

export const twins: fc.Arbitrary<Twins> = fc
  .tuple(shape, fc.array(aim, { maxLength: 3 }), fc.boolean())
  .map(([document, aims, isInclude]) => {
    const leaves = leavesOf(document);
    const paths = aims.flatMap(({ leaf, depth, arrays }) => {
      const way = leaves[leaf % Math.max(leaves.length, 1)]?.at.slice(0, depth) ?? [];
      const steps = arrays === 'skipped' ? way.filter((step) => step !== undefined) : way;
      const path = pathText(arrays === 'expected' ? steps.toSpliced(-1, 0, undefined) : steps);
      return path === '' ? [] : [`data.${path}`];
    });
    return toTwins(document, isInclude ? { include: paths } : { exclude: paths });
  });

function toTwins(document: unknown, mask: Mask): Twins {
  const leaves = leavesOf(document);
  const hides = leaves.map(({ at }) => isHidden(mask, at));
  const fill = (twin: 0 | 1) => {
    let n = -1;
    return withLeaves(document, (kind) => {
      n += 1;
      return hides[n] === true ? secretOf(kind, n, twin) : openOf(kind, n);
    });
  };
  return {
    mask,
    documents: [fill(0), fill(1)],
    hidden: leaves.flatMap(({ at, kind }, n) => {
      const path = pathText(['data', ...at.filter((step) => step !== undefined)]);
      return hides[n] === true ? [{ path, value: secretOf(kind, n, 0) }] : [];
    }),
    visible: leaves
      .flatMap(({ at, kind }, n) => (hides[n] === true ? [] : [leafText(at, openOf(kind, n))]))
      .sort(),
  };
}

function secretOf(kind: Kind, n: number, twin: 0 | 1): unknown {
  if (kind === 'text') return `тайна${n} ${twin === 0 ? 'красная' : 'синяя'}`;
  if (kind === 'number') return 47_110_000 + 10 * n + 5 * twin;
  if (kind === 'truth') return twin === 0;
  return twin === 0 ? null : `тайна${n}`;
}

function openOf(kind: Kind, n: number): unknown {
  if (kind === 'text') return `явно${n}`;
  if (kind === 'number') return 1000 + n;
  return kind === 'truth' ? true : null;
}

/** What masks are promised to hide, said in another way than the code that does it. */
function isHidden(mask: Mask, at: readonly Step[]): boolean {
  if ('include' in mask) return !mask.include.some((path) => names(namesOf(path), at));
  return mask.exclude.some((path) => reaches(namesOf(path), at));
}

/** The path leads exactly to the leaf or to what holds it. */
function names(path: readonly Step[], at: readonly Step[]): boolean {
  return path.length <= at.length && path.every((step, i) => step === at[i]);
}

/** The path leads there when arrays may be passed over, and the path's own `*` where there is none. */
function reaches(path: readonly Step[], at: readonly Step[]): boolean {
  const [wanted, ...further] = path;
  if (path.length === 0) return true;
  if (at.length === 0) return wanted === undefined && reaches(further, at);
  const [step, ...rest] = at;
  if (step === undefined && reaches(path, rest)) return true;
  if (step !== undefined && wanted === undefined) return reaches(further, at);
  return wanted === step && reaches(further, rest);
}

function pathText(steps: readonly Step[]): string {
  return steps.map((step) => (step === undefined ? '*' : step.replaceAll(/[.*\\]/g, '\\$&'))).join('.');
}

function namesOf(path: string): Step[] {
  const [, ...parts] = path.match(/(?:\\.|[^.\\])+/g) ?? [];
  return parts.map((part) => (part === '*' ? undefined : part.replaceAll('\\', '')));
}

function leavesOf(document: unknown, at: readonly Step[] = []): Leaf[] {
  if (Array.isArray(document)) return document.flatMap((item) => leavesOf(item, [...at, undefined]));
  if (typeof document !== 'object' || document === null) return [{ at, kind: document as Kind }];
  return Object.entries(document).flatMap(([name, member]) => leavesOf(member, [...at, name]));
}

function withLeaves(document: unknown, fill: (kind: Kind) => unknown): unknown {
  if (Array.isArray(document)) return document.map((item) => withLeaves(item, fill));
  if (typeof document !== 'object' || document === null) return fill(document as Kind);
  return Object.fromEntries(
    Object.entries(document).map(([name, member]) => [name, withLeaves(member, fill)]),
  );
}

function leafText(at: readonly Step[], value: unknown): string {
  return `${at.map((step) => step ?? '[]').join(' ')} = ${JSON.stringify(value)}`;
}

/** The leaves of what a reader got, in the form of `Twins.visible`. */
export function leafTexts(document: unknown, at: readonly Step[] = []): string[] {
  if (Array.isArray(document)) return document.flatMap((item) => leafTexts(item, [...at, undefined]));
  if (typeof document !== 'object' || document === null) return [leafText(at, document)];
  return Object.entries(document).flatMap(([name, member]) => leafTexts(member, [...at, name]));
}
