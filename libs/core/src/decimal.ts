/**
 * The decimal value of a JSON number: ±0.d₁d₂d₃… × 10^exponent, with neither leading nor trailing zeros in `digits`.
 * Zero has no digits. Two numbers are equal exactly when all three parts are.
 */
export type Decimal = {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
};

/** Beyond it every exponent counts as this one: it keeps their order to all that a filter or a schema may hold. */
const EXPONENT_LIMIT = 1e15;
/** Every number of so many digits is another double, and no shorter text means the same one (IEEE 754: 15 digits). */
const DOUBLE_DIGITS = 15;
const SMALLEST_NORMAL = 2 ** -1022;
/** Below 10²¹ a double is written with all its digits (ECMA-262 Number::toString). */
const PLAIN_INTEGER = /^-?[1-9][0-9]{0,20}$/;

/** A number of JSON text that is not what its nearest double is written as: a double would change its digits. */
export class ExactNumber {
  readonly #text: string;
  readonly #double: number;
  #decimal: Decimal | undefined;

  /** Only for texts of which `numberOf` makes one. */
  constructor(text: string) {
    this.#text = text;
    this.#double = Number(text);
  }

  /** As it was written. */
  get text(): string {
    return this.#text;
  }

  /** The nearest double; infinite beyond all of them. */
  get double(): number {
    return this.#double;
  }

  get decimal(): Decimal {
    this.#decimal ??= decimalOf(this.#text);
    return this.#decimal;
  }

  /** Where something else than `writeExact` writes it, its digits stay, as a text. */
  toJSON(): string {
    return this.#text;
  }
}

/** A number as `parseExact` reads it: a double where the double has the decimal value of the text. */
export type JsonNumber = number | ExactNumber;

export function isJsonNumber(value: unknown): value is JsonNumber {
  return typeof value === 'number' || value instanceof ExactNumber;
}

/** The number that a JSON text stands for. `text` is a JSON number (RFC 8259 §6). */
export function numberOf(text: string): JsonNumber {
  const double = Number(text);
  if (mantissaOf(text).length <= DOUBLE_DIGITS && isNormal(double)) return double;
  if (double === 0) return /[1-9]/.test(mantissaOf(text)) ? new ExactNumber(text) : double;
  if (PLAIN_INTEGER.test(text)) return String(double) === text ? double : new ExactNumber(text);
  const decimal = decimalOf(text);
  const isSame = Number.isFinite(double) && compareDecimals(decimal, decimalOf(String(double))) === 0;
  return isSame ? double : new ExactNumber(text);
}

function mantissaOf(text: string): string {
  const end = text.search(/[eE]/);
  return end < 0 ? text : text.slice(0, end);
}

/** Neither zero nor of fewer digits than others, nor beyond all of them. */
function isNormal(double: number): boolean {
  return Number.isFinite(double) && Math.abs(double) >= SMALLEST_NORMAL;
}

/** The decimal value of a number: a double's is what it is written as (0.1, and not the binary fraction nearest to it). */
export function decimalOf(number: JsonNumber | string): Decimal {
  if (number instanceof ExactNumber) return number.decimal;
  const text = String(number);
  const [mantissa = '', power = '0'] = text.split(/[eE]/, 2);
  const negative = mantissa.startsWith('-');
  const [whole = '', fraction = ''] = mantissa.slice(negative ? 1 : 0).split('.', 2);
  const all = whole + fraction;
  const first = firstNonZero(all);
  if (first === all.length) return { negative: false, digits: '', exponent: 0 };
  const shift = Math.max(-EXPONENT_LIMIT, Math.min(EXPONENT_LIMIT, Number(power)));
  return { negative, digits: all.slice(first, endOfDigits(all)), exponent: whole.length - first + shift };
}

function firstNonZero(digits: string): number {
  let at = 0;
  while (digits[at] === '0') at += 1;
  return at;
}

function endOfDigits(digits: string): number {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return end;
}

/** −1 when a < b, 0 when they are equal, 1 when a > b. */
export type Order = -1 | 0 | 1;

export function compareDecimals(a: Decimal, b: Decimal): Order {
  const signs = orderOf(signOf(a), signOf(b));
  if (signs !== 0) return signs;
  const [small, large] = a.negative ? [b, a] : [a, b];
  return orderOf(small.exponent, large.exponent) || orderOf(small.digits, large.digits);
}

function signOf({ negative, digits }: Decimal): number {
  if (digits === '') return 0;
  return negative ? -1 : 1;
}

function orderOf<T extends number | string>(a: T, b: T): Order {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Compares by decimal value, exactly. */
export function compareNumbers(a: JsonNumber, b: JsonNumber): Order {
  // Rounding keeps the order: only where both are one double do the digits decide.
  const byDouble = orderOf(doubleOf(a), doubleOf(b));
  if (byDouble !== 0 || (typeof a === 'number' && typeof b === 'number')) return byDouble;
  return compareDecimals(decimalOf(a), decimalOf(b));
}

export function doubleOf(number: JsonNumber): number {
  return typeof number === 'number' ? number : number.double;
}

/** Whether two numbers have the same decimal value. */
export function equalNumbers(a: JsonNumber, b: JsonNumber): boolean {
  return compareNumbers(a, b) === 0;
}

const EXPONENT_DIGITS = 16;
const OFFSET = 2 * EXPONENT_LIMIT;

/** A text for each decimal value, whose order by code units is the order of the values. */
export function sortableText({ negative, digits, exponent }: Decimal): string {
  if (digits === '') return 'o';
  const size = String(OFFSET + exponent).padStart(EXPONENT_DIGITS, '0') + digits;
  // The larger, the less: each digit counts down, and what ends first comes last.
  return negative ? `n${[...size].map((digit) => 9 - Number(digit)).join('')}~` : `p${size}`;
}
