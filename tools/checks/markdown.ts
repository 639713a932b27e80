/** A piece of a Markdown file, with the line it stands on. */
export type Piece = { readonly line: number; readonly text: string };

export type Markdown = {
  readonly path: string;
  /** Targets of links and images. */
  readonly links: readonly Piece[];
  /** What stands between backticks. */
  readonly codeSpans: readonly Piece[];
  /** Lines inside fences, drawings excepted. */
  readonly codeLines: readonly Piece[];
  readonly lines: readonly Piece[];
  /** Ids that `#…` may name. */
  readonly anchors: ReadonlySet<string>;
};

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*(\w*)/;
const LINK = /\]\(\s*<?(?<it>[^)\s>]+)>?(?:\s+["'][^)]*)?\)/g;
const DEFINITION = /^ {0,3}\[[^\]]+\]:\s*<?(?<it>[^\s>]+)/gm;
const CODE = /(?<!`)(`+)(?!`)(?<it>[\s\S]+?)(?<!`)\1(?!`)/g;
const ID = /<a\s[^>]*(?:id|name)="([^"]+)"/g;

/** Reads what the checks need of a Markdown file. */
export function readMarkdown(path: string, text: string): Markdown {
  const prose: Piece[] = [];
  const codeLines: Piece[] = [];
  let fence: { readonly mark: string; readonly language: string } | undefined;
  const lines = text.split('\n').map((line, n) => ({ line: n + 1, text: line }));
  for (const piece of lines) {
    const [, mark, language = ''] = FENCE.exec(piece.text) ?? [];
    if (fence === undefined && mark !== undefined) fence = { mark, language };
    else if (fence !== undefined && mark?.startsWith(fence.mark)) fence = undefined;
    else if (fence === undefined) prose.push(piece);
    else if (fence.language !== 'mermaid') codeLines.push(piece);
  }
  return { path, lines, codeLines, ...spansOf(prose), anchors: anchorsOf(prose) };
}

function spansOf(prose: readonly Piece[]): Pick<Markdown, 'links' | 'codeSpans'> {
  const blocks = blocksOf(prose);
  // A link inside backticks is an example, not a link.
  const withoutCode = blocks.map(({ line, text }) => ({
    line,
    text: text.replaceAll(CODE, (code) => code.replaceAll(/[^\n]/g, '-')),
  }));
  return {
    links: [...found(withoutCode, LINK), ...found(withoutCode, DEFINITION)],
    codeSpans: found(blocks, CODE),
  };
}

/** Lines that follow each other without an empty one: a link or a span may go on in the next. */
function blocksOf(prose: readonly Piece[]): Piece[] {
  const blocks: Piece[] = [];
  let last: Piece | undefined;
  for (const piece of prose) {
    const goesOn = last?.line === piece.line - 1 && last.text.trim() !== '' && piece.text.trim() !== '';
    const before = goesOn ? blocks.pop() : undefined;
    blocks.push(before === undefined ? piece : { line: before.line, text: `${before.text}\n${piece.text}` });
    last = piece;
  }
  return blocks;
}

/** What the group `it` of a pattern matches. */
function found(blocks: readonly Piece[], pattern: RegExp): Piece[] {
  return blocks.flatMap(({ line, text }) =>
    [...text.matchAll(pattern)].map((match) => ({
      line: line + text.slice(0, match.index).split('\n').length - 1,
      text: match.groups?.it ?? '',
    })),
  );
}

function anchorsOf(prose: readonly Piece[]): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const { text } of prose) {
    for (const [, id = ''] of text.matchAll(ID)) anchors.add(id);
    const heading = /^ {0,3}#{1,6}\s+(.*?)\s*#*$/.exec(text)?.[1];
    if (heading === undefined) continue;
    const slug = slugOf(heading);
    let name = slug;
    for (let n = 1; anchors.has(name); n += 1) name = `${slug}-${n}`;
    anchors.add(name);
  }
  return anchors;
}

/** The id that GitHub gives to a heading. */
export function slugOf(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
    .replaceAll(' ', '-');
}
