/**
 * Splits a path such as `a.b.c` into its member names. A backslash takes the next character as it is, so that
 * names with dots can be addressed (`a\.b`). Undefined when a name is empty or the text ends in a backslash.
 */
export function parseDataPath(text: string): readonly PathSegment[] | undefined {
  const segments: PathSegment[] = [];
  let name = '';
  let literal = false;
  for (let i = 0; i <= text.length; i += 1) {
    const character = text[i];
    if (character === '\\') {
      i += 1;
      if (i >= text.length) return undefined;
      name += text[i];
      literal = true;
      continue;
    }
    if (character !== undefined && character !== '.') {
      name += character;
      continue;
    }
    if (name === '') return undefined;
    segments.push({ name, isStar: name === '*' && !literal });
    name = '';
    literal = false;
  }
  return segments;
}

/** The inverse of `parseDataPath`: names as they are written in a path. */
export function formatDataPath(names: readonly string[]): string {
  return names.map((name) => (name === '*' ? '\\*' : name.replace(/[\\.]/g, '\\$&'))).join('.');
}

export type PathSegment = {
  readonly name: string;
  /** An unescaped `*`: any item of an array, where that has a meaning. */
  readonly isStar: boolean;
};
