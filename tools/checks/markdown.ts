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
const LINK = /\[(?:[^\]\\]|\\.)*\]\(\s*<?([^)\s>]+)>?(?:\s+["'][^)]*)?\)/g;
const DEFINITION = /^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)/;
const CODE = /(`+)(.+?)\1(?!`)/g;
const ID = /<a\s[^>]*(?:id|name)="([^"]+)"/g;

/** Reads what the checks need of a Markdown file; paragraphs that span lines are read line by line. */
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
  const all = (pieces: readonly Piece[], pattern: RegExp, group: number) =>
    pieces.flatMap(({ line, text }) =>
      [...text.matchAll(pattern)].map((match) => ({ line, text: match[group] ?? '' })),
    );
  // A link inside backticks is an example, not a link.
  const withoutCode = prose.map(({ line, text }) => ({ line, text: text.replaceAll(CODE, '`code`') }));
  const definitions = withoutCode.flatMap(({ line, text }) => {
    const target = DEFINITION.exec(text)?.[1];
    return target === undefined ? [] : [{ line, text: target }];
  });
  return { links: [...all(withoutCode, LINK, 1), ...definitions], codeSpans: all(prose, CODE, 2) };
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
