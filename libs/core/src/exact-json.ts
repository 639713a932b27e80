import { ExactNumber, numberOf } from './decimal.ts';
import { endOfString } from './json-text.ts';

/** A number of more than 15 digits, or with an exponent that a double may not have. */
const MAY_BE_EXACT = /[0-9][0-9.]{15}|[0-9][eE][+-]?[0-9]{2}/;

/** Whether a JSON text may hold a number that no double holds; most texts do not. */
export function mayBeExact(text: string): boolean {
  return MAY_BE_EXACT.test(text);
}

/**
 * Reads JSON as JSON.parse does, and throws its error; only a number whose digits a double does not hold becomes an
 * `ExactNumber`.
 */
export function parseExact(text: string): unknown {
  const parsed: unknown = JSON.parse(text);
  return mayBeExact(text) ? readValue({ text, at: 0 }) : parsed;
}

/** A place in a text that JSON.parse has accepted. */
type Reader = { readonly text: string; at: number };

function peek(reader: Reader): string {
  const { text } = reader;
  for (;;) {
    const character = text[reader.at] ?? '';
    if (character !== ' ' && character !== '\n' && character !== '\t' && character !== '\r') return character;
    reader.at += 1;
  }
}

function readValue(reader: Reader): unknown {
  const first = peek(reader);
  if (first === '{') return readObject(reader);
  if (first === '[') return readArray(reader);
  if (first === '"') return readString(reader);
  return readLiteral(reader);
}

function readObject(reader: Reader): unknown {
  const members: [string, unknown][] = [];
  reader.at += 1;
  while (peek(reader) !== '}') {
    const name = readString(reader);
    peek(reader);
    reader.at += 1;
    members.push([name, readValue(reader)]);
    if (peek(reader) === ',') {
      reader.at += 1;
      peek(reader);
    }
  }
  reader.at += 1;
  return Object.fromEntries(members);
}

function readArray(reader: Reader): unknown[] {
  const items: unknown[] = [];
  reader.at += 1;
  while (peek(reader) !== ']') {
    items.push(readValue(reader));
    if (peek(reader) === ',') reader.at += 1;
  }
  reader.at += 1;
  return items;
}

function readString(reader: Reader): string {
  const token = reader.text.slice(reader.at, endOfString(reader.text, reader.at));
  reader.at += token.length;
  return token.includes('\\') ? JSON.parse(token) : token.slice(1, -1);
}

const LITERAL = /[^\s,\]}]+/y;

function readLiteral(reader: Reader): unknown {
  LITERAL.lastIndex = reader.at;
  const token = LITERAL.exec(reader.text)?.[0] ?? '';
  reader.at += token.length;
  return /^[-0-9]/.test(token) ? numberOf(token) : JSON.parse(token);
}

/** Whether a value is an object of JSON: neither an array nor null, nor a number that is kept exactly. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
  );
}

/** JSON that is to be written as it was given, spelling and all. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Writes JSON as JSON.stringify does, with every `ExactNumber` and `JsonText` as it was given. */
export function writeExact(value: unknown): string {
  return write(value) ?? 'null';
}

function write(value: unknown): string | undefined {
  if (value instanceof ExactNumber || value instanceof JsonText) return value.text;
  if (typeof value !== 'object' || value === null || hasToJson(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => write(item) ?? 'null').join(',')}]`;
  const members = Object.entries(value).flatMap(([name, member]) => {
    const text = write(member);
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${members.join(',')}}`;
}

function hasToJson(value: object): boolean {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}
