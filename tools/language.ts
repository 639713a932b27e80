/** The languages that the launcher and the demonstration speak. */
export const LANGUAGES = ['ru', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The same said in each language: a language that is missing does not compile. */
export type Text = Readonly<Record<Language, string>>;

/** What a scene says, by name: texts, and functions that put values into them: numbers, strings and texts. */
export type Texts = Readonly<Record<string, Text | ((...values: never[]) => Text)>>;

/** What reads the same in all of them: names, addresses, data, and what commands say that speak English only. */
export function asIs(text: string): Text {
  return { ru: text, en: text };
}

/** Russian where the locale is, as POSIX finds it; the script `anika` has the same rule for its own lines. */
export function languageOf(env: NodeJS.ProcessEnv): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return /^ru(?![a-z])/.test(locale) ? 'ru' : 'en';
}

/** For commands that speak English only. */
export function inEnglish(say: (line: string) => void): (line: Text) => void {
  return (line) => say(line.en);
}

const RULES = { ru: new Intl.PluralRules('ru'), en: new Intl.PluralRules('en') };

/** A noun after 1, after 2 and after 5; of Russian also where another case is needed: `1 попытки, 2 попыток`. */
export interface Noun {
  readonly ru: readonly [one: string, few: string, many: string];
  readonly en: readonly [one: string, many: string];
}

/** `5 сообщений`, `5 messages`; for whole numbers. */
export function counted(n: number, { ru, en }: Noun): Text {
  const [one, few, many] = ru;
  const forms: Partial<Record<Intl.LDMLPluralRule, string>> = { one, few };
  const form = forms[RULES.ru.select(n)] ?? many;
  return { ru: `${n} ${form}`, en: `${n} ${RULES.en.select(n) === 'one' ? en[0] : en[1]}` };
}

/** With one digit after the mark. */
export function milliseconds(ms: number): Text {
  return measured(ms, { ru: 'мс', en: 'ms' });
}

/** With one digit after the mark. */
export function seconds(ms: number): Text {
  return measured(ms / 1000, { ru: 'с', en: 's' });
}

function measured(value: number, unit: Text): Text {
  const figure = value.toFixed(1);
  return { ru: `${figure.replace('.', ',')} ${unit.ru}`, en: `${figure} ${unit.en}` };
}

/** `25.02.2027`, `25 February 2027` */
export function day(iso: string): Text {
  const date = new Date(iso);
  return {
    ru: date.toLocaleDateString('ru-RU', { timeZone: 'UTC' }),
    en: date.toLocaleDateString('en-GB', { timeZone: 'UTC', dateStyle: 'long' }),
  };
}
