import { type Decimal, decimalOf, type JsonNumber } from '@anika/core/decimal';

const CHUNK = 15;
const CHUNK_POWER = 10n ** BigInt(CHUNK);

/** Whether a number is a whole multiple of a divisor above 0, by their decimal values; linear in the number's digits. */
export function isMultipleOf(number: JsonNumber, divisor: JsonNumber): boolean {
  const [value, by] = [decimalOf(number), decimalOf(divisor)];
  if (value.digits === '') return true;
  const shift = lastPlace(value) - lastPlace(by);
  // Its last digit, which is no zero, lies behind the last one of the divisor.
  if (shift < 0) return false;
  const modulus = BigInt(by.digits);
  return (remainder(value.digits, modulus) * powerOfTen(shift, modulus)) % modulus === 0n;
}

/** Whether it has no digits behind the point. */
export function isWhole(number: JsonNumber): boolean {
  if (typeof number === 'number') return Number.isInteger(number);
  return lastPlace(decimalOf(number)) >= 0;
}

function lastPlace({ digits, exponent }: Decimal): number {
  return exponent - digits.length;
}

function remainder(digits: string, modulus: bigint): bigint {
  let rest = 0n;
  for (let at = 0; at < digits.length; at += CHUNK) {
    const chunk = digits.slice(at, at + CHUNK);
    const power = chunk.length === CHUNK ? CHUNK_POWER : 10n ** BigInt(chunk.length);
    rest = (rest * power + BigInt(chunk)) % modulus;
  }
  return rest;
}

function powerOfTen(exponent: number, modulus: bigint): bigint {
  let [result, base] = [1n % modulus, 10n % modulus];
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * base) % modulus;
    base = (base * base) % modulus;
  }
  return result;
}
