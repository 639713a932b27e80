/**
 * Reads JSON text in place, so that numbers beyond a double, key order and spelling survive. Every function
 * here expects text that JSON.parse accepts.
 */

export type TextMember = { readonly name: string; readonly nameText: string; readonly valueText: string };

const SPACE = new Set([' ', '\t', '\n', '\r']);

/** The position of what comes after white space. */
export function skipSpace(text: string, at: number): number {
  let i = at;
  while (SPACE.has(text[i] ?? '')) i += 1;
  return i;
}

/** The position after the string that begins at `at`. */
export function endOfString(text: string, at: number): number {
  let i = text.indexOf('"', at + 1);
  while (isEscaped(text, i)) i = text.indexOf('"', i + 1);
  return i + 1;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes += 1;
  return backslashes % 2 === 1;
}

/** The position after the value that begins at `at`. */
export function endOfValue(text: string, at: number): number {
  const first = text[at];
  if (first === '"') return endOfString(text, at);
  if (first === '{' || first === '[') return endOfNested(text, at);
  let i = at;
  while (i < text.length && !',]} \t\n\r'.includes(text[i] ?? '')) i += 1;
  return i;
}

function endOfNested(text: string, at: number): number {
  let depth = 0;
  let i = at;
  for (;;) {
    const character = text[i];
    if (character === '"') {
      i = endOfString(text, i);
      continue;
    }
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    i += 1;
    if (depth === 0) return i;
  }
}

/** The members of an object's text, in their order, repeated names too. */
export function memberTexts(text: string): TextMember[] {
  const members: TextMember[] = [];
  let i = skipSpace(text, skipSpace(text, 0) + 1);
  while (text[i] === '"') {
    const nameEnd = endOfString(text, i);
    const nameText = text.slice(i, nameEnd);
    const valueStart = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const valueEnd = endOfValue(text, valueStart);
    members.push({ name: JSON.parse(nameText), nameText, valueText: text.slice(valueStart, valueEnd) });
    i = skipSpace(text, skipSpace(text, valueEnd) + 1);
  }
  return members;
}

/** The text of one member of an object; the last of that name, as JSON.parse takes it. */
export function memberText(text: string, name: string): string | undefined {
  return memberTexts(text).findLast((member) => member.name === name)?.valueText;
}

/** The texts of an array's items. */
export function elementTexts(text: string): string[] {
  const elements: string[] = [];
  let i = skipSpace(text, skipSpace(text, 0) + 1);
  while (i < text.length && text[i] !== ']') {
    const end = endOfValue(text, i);
    elements.push(text.slice(i, end));
    i = skipSpace(text, skipSpace(text, end) + 1);
  }
  return elements;
}

/**
 * The texts, and the numbers as they are written, of a whole JSON text in their order; no names of members. None
 * that begins after `until` characters.
 */
export function* scalarTexts(text: string, until: number = text.length): Generator<string> {
  const end = Math.min(until, text.length);
  let i = 0;
  while (i < end) {
    const code = text.charCodeAt(i);
    const isText = code === 0x22;
    if (!isText && code !== 0x2d && !isDigit(code)) {
      i += 1;
      continue;
    }
    const tokenEnd = endOfValue(text, i);
    const token = text.slice(i, tokenEnd);
    i = isText ? skipSpace(text, tokenEnd) : tokenEnd;
    if (!isText) yield token;
    else if (text[i] !== ':') yield JSON.parse(token);
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** The same JSON without the white space between its parts; every name, text and number stays as it is spelt. */
export function compactText(text: string): string {
  let out = '';
  let from = 0;
  let i = 0;
  while (i < text.length) {
    const character = text[i] ?? '';
    if (character === '"') {
      i = endOfString(text, i);
    } else if (SPACE.has(character)) {
      out += text.slice(from, i);
      i = skipSpace(text, i);
      from = i;
    } else {
      i += 1;
    }
  }
  return out + text.slice(from);
}

/** How many levels of objects and arrays a text has; 0 for a scalar. */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x22) {
      i = endOfString(text, i) - 1;
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === 0x7d || code === 0x5d) {
      depth -= 1;
    }
  }
  return deepest;
}

/** Whether any name or text of a value holds half a surrogate pair (RFC 7493 §2.1 forbids it). `text` is its JSON. */
export function hasLoneSurrogate(value: unknown, text: string): boolean {
  return /\\u[dD][89a-fA-F]/.test(text) && holdsLoneSurrogate(value);
}

function holdsLoneSurrogate(value: unknown): boolean {
  if (typeof value === 'string') return /\p{Surrogate}/u.test(value);
  if (Array.isArray(value)) return value.some(holdsLoneSurrogate);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, member]) => holdsLoneSurrogate(name) || holdsLoneSurrogate(member),
  );
}

/**
 * Where in a text a name comes for the second time in one object (RFC 7493 §2.3), as the names and positions that lead
 * there. `value` is the text parsed: it has fewer members then, which is the quick way to know.
 */
export function repeatedName(value: unknown, text: string): readonly string[] | undefined {
  return memberCount(value) === colonCount(text) ? undefined : findRepeated(text);
}

function memberCount(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const member of Object.values(value)) count += memberCount(member);
  return count;
}

function colonCount(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x22) i = endOfString(text, i) - 1;
    else if (code === 0x3a) count += 1;
  }
  return count;
}

/** An object or array that is being read, and where in it. */
type Level = { readonly names: Set<string> | undefined; at: string | number };

function findRepeated(text: string): readonly string[] | undefined {
  const levels: Level[] = [];
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i];
    const level = levels.at(-1);
    if (character === '"') {
      const end = endOfString(text, i);
      if (text[skipSpace(text, end)] === ':' && level?.names !== undefined) {
        const name: string = JSON.parse(text.slice(i, end));
        level.at = name;
        if (level.names.has(name)) return levels.map(({ at }) => String(at));
        level.names.add(name);
      }
      i = end - 1;
    } else if (character === '{') levels.push({ names: new Set(), at: '' });
    else if (character === '[') levels.push({ names: undefined, at: 0 });
    else if (character === '}' || character === ']') levels.pop();
    else if (character === ',' && typeof level?.at === 'number') level.at += 1;
  }
  return undefined;
}
