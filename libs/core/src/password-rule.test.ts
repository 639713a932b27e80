import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { COMMON_WORDS } from './common-words.ts';
import { passwordNamesItsUser, passwordProblem } from './password-rule.ts';

describe('passwordProblem()', () => {
  test.each([
    'password12',
    'Password123!',
    'P@ssw0rd2024',
    'p4$$w0rd!!!!',
    'passwordpassword',
    'password-password-1',
    'PASSWORD_2026',
    'Password-7391',
    'adminpassword',
    'Welcome2026!',
    'qwertyuiop',
    'qwerty12345',
    'Qwerty!@#$%',
    '1q2w3e4r5t6y',
    '1qaz2wsx3edc',
    'zaq12wsxcde3',
    'asdfghjkl;',
    'poiuytrewq',
    '1234567890',
    '0987654321',
    'abcdefghij',
    'zyxwvutsrq',
    'abc123abc123',
    'aaaaaaaaaaaa',
    'abababababab',
    '112233445566',
    '20262026202',
    '          1',
    'iloveyou2026',
    'letmein123456',
    'Administrator1',
    'footballfootball',
    'Summer-2026!',
    'Пароль123456',
    'йцукенгшщз',
    'Ghbdtn12345',
    'Gfhjkm2026!!',
    'ｐａｓｓｗｏｒｄ１２',
  ])('finds %j easy to guess', (password) => {
    expect(passwordProblem(password)?.message).toMatch(/^is easy to guess/);
  });

  test.each([
    'correct horse battery',
    'a password for tests',
    'quite another password',
    'another password',
    'operator-password-1',
    'bench-password-1',
    'Zimniy-Les-42',
    'зимний лес у реки',
    'kX9$vTq2wL',
    'tr0ub4dor&3x',
    'qwerty-mountain-kettle',
    'Aa1!Bb2@Cc3#',
    '車を選ぶ顧客の銀行は',
    'ключ от старой двери',
  ])('takes %j', (password) => {
    expect(passwordProblem(password)).toBeUndefined();
  });

  it('takes what a password manager makes', () => {
    const alphabet = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#%*+?'];
    const made = fc.array(fc.constantFrom(...alphabet), { minLength: 20, maxLength: 40 });
    const refused = fc
      .sample(made, { numRuns: 2000, seed: 7 })
      .map((characters) => characters.join(''))
      .filter(
        (password) => new Set(password.toLowerCase()).size >= 12 && passwordProblem(password) !== undefined,
      );
    expect(refused).toEqual([]);
  });

  it('finds every common word easy to guess, with digits and signs around it', () => {
    const around = fc.constantFrom('', '1', '123', '2026', '!', '!!', '_', '#1');
    fc.assert(
      fc.property(fc.constantFrom(...COMMON_WORDS), around, around, (word, before, after) => {
        expect(passwordProblem(before + word + after)).toBeDefined();
        expect(passwordProblem(before + word.toUpperCase() + word + after)).toBeDefined();
      }),
    );
  });

  it('never throws, whatever it is given', () => {
    const longest = fc.string({ unit: 'binary', minLength: 256, maxLength: 256 });
    fc.assert(
      fc.property(longest, (text) => void passwordProblem(text)),
      { numRuns: 50 },
    );
    for (const unit of ['a', 'ab', '1', 'password', '\u0000'])
      passwordProblem(unit.repeat(256).slice(0, 256));
  });
});

describe('COMMON_WORDS', () => {
  it('are folded, each once, and long enough not to be part of everything', () => {
    expect(new Set(COMMON_WORDS).size).toBe(COMMON_WORDS.length);
    expect(COMMON_WORDS.filter((word) => word !== word.toLowerCase() || word.length < 3)).toEqual([]);
    expect(COMMON_WORDS.length).toBeGreaterThan(300);
  });
});

describe('passwordNamesItsUser()', () => {
  test.each([
    ['anna.petrova-2026', 'anna.petrova@bank.example', true],
    ['my Anna.Petrova word', 'ANNA.PETROVA@bank.example', true],
    ['a password for anna', 'anna@bank.example', true],
    ['a password for bo', 'bo@bank.example', false],
    ['correct horse battery', 'anna@bank.example', false],
    ['bank.example horse', 'anna@bank.example', false],
  ])('%j for %s: %s', (password, email, found) => {
    expect(passwordNamesItsUser(password, email) !== undefined).toBe(found);
  });
});
