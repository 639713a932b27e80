import { endOfString, endOfValue, skipSpace } from './json-text.ts';
import type { MaskState } from './mask-states.ts';

type Cursor = { readonly text: string; at: number; readonly out: string[] };

/** The visible part of a JSON text, spelt as it was, in one pass; undefined when nothing of it is visible. */
export function maskText(text: string, state: MaskState): string | undefined {
  const cursor: Cursor = { text, at: skipSpace(text, 0), out: [] };
  return writeVisible(cursor, state) ? cursor.out.join('') : undefined;
}

/** Moves the cursor past the value; false when nothing of it was written. */
function writeVisible(cursor: Cursor, state: MaskState): boolean {
  const first = cursor.text[cursor.at];
  if (first === '[') return writeArray(cursor, state.array);
  if (first === '{') return writeObject(cursor, state.object);
  return writeWhole(cursor, state.scalar);
}

function writeWhole(cursor: Cursor, look: 'show' | 'hide'): boolean {
  const end = endOfValue(cursor.text, cursor.at);
  if (look === 'show') cursor.out.push(cursor.text.slice(cursor.at, end));
  cursor.at = end;
  return look === 'show';
}

function writeArray(cursor: Cursor, look: MaskState['array']): boolean {
  if (typeof look === 'string') return writeWhole(cursor, look);
  writeParts(cursor, '[]', () => writeVisible(cursor, look.items));
  return true;
}

function writeObject(cursor: Cursor, look: MaskState['object']): boolean {
  if (typeof look === 'string') return writeWhole(cursor, look);
  writeParts(cursor, '{}', () => {
    const nameText = cursor.text.slice(cursor.at, endOfString(cursor.text, cursor.at));
    cursor.at = skipSpace(cursor.text, skipSpace(cursor.text, cursor.at + nameText.length) + 1);
    const name = nameText.includes('\\') ? String(JSON.parse(nameText)) : nameText.slice(1, -1);
    cursor.out.push(nameText, ':');
    return writeVisible(cursor, look.member(name));
  });
  return true;
}

/** What lies between a pair of brackets, with commas between what stays. */
function writeParts(cursor: Cursor, [open = '', close = '']: string, writePart: () => boolean): void {
  const { text, out } = cursor;
  cursor.at = skipSpace(text, cursor.at + 1);
  out.push(open);
  let isFirst = true;
  while (text[cursor.at] !== close) {
    const before = out.length;
    if (!isFirst) out.push(',');
    if (writePart()) isFirst = false;
    else out.length = before;
    cursor.at = skipSpace(text, cursor.at);
    if (text[cursor.at] === ',') cursor.at = skipSpace(text, cursor.at + 1);
  }
  cursor.at += 1;
  out.push(close);
}
