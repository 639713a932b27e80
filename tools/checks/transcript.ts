/** What a page tells its reader to do, and what it says is answered. */
export type Step = {
  /** Where it begins in the page. */
  readonly line: number;
  readonly script: string;
  /** The JSON that is shown right below it; undefined: none. */
  readonly answer: string | undefined;
};

const FENCED = /^ {0,3}```(\w*)\n([\s\S]*?)^ {0,3}```$/gm;

const STARTS_ANIKA = /^\.\/anika /m;

/** The steps of a page: its `sh` blocks but those for the launcher, each with the `json` block that follows it at once. */
export function stepsOf(page: string): Step[] {
  const blocks = [...page.matchAll(FENCED)].map((match) => ({
    language: match[1] ?? '',
    text: match[2] ?? '',
    from: match.index,
    to: match.index + match[0].length,
  }));
  return blocks.flatMap(({ language, text, from, to }, index): Step[] => {
    if (language !== 'sh' || STARTS_ANIKA.test(text)) return [];
    const next = blocks[index + 1];
    const isAnswer = next?.language === 'json' && page.slice(to, next.from).trim() === '';
    const line = page.slice(0, from).split('\n').length;
    return [{ line, script: text, answer: isAnswer ? next.text : undefined }];
  });
}

/**
 * Where what was printed is not what is shown; empty: nowhere. An object may have more members than are shown, a list
 * more elements where `"…"` stands at its end; elsewhere it stands for anything, as `…` does within a text.
 */
export function answerDifferences(shown: unknown, printed: unknown, at = 'it'): string[] {
  if (shown === '…') return printed === undefined ? [`${at} is missing`] : [];
  if (typeof shown === 'string' && shown.includes('…')) {
    const isText = typeof printed === 'string' && patternOf(shown).test(printed);
    return isText ? [] : [`${at} is ${JSON.stringify(printed)}, not ${JSON.stringify(shown)}`];
  }
  if (Array.isArray(shown)) return listDifferences(shown, printed, at);
  if (typeof shown === 'object' && shown !== null) {
    if (typeof printed !== 'object' || printed === null) return [`${at} is ${JSON.stringify(printed)}`];
    const members = new Map(Object.entries(printed));
    return Object.entries(shown).flatMap(([name, value]) =>
      answerDifferences(value, members.get(name), `${at}.${name}`),
    );
  }
  return shown === printed ? [] : [`${at} is ${JSON.stringify(printed)}, not ${JSON.stringify(shown)}`];
}

function listDifferences(shown: readonly unknown[], printed: unknown, at: string): string[] {
  if (!Array.isArray(printed)) return [`${at} is ${JSON.stringify(printed)}, not a list`];
  const goesOn = shown.at(-1) === '…';
  const elements = goesOn ? shown.slice(0, -1) : shown;
  if (printed.length < elements.length || (!goesOn && printed.length > elements.length)) {
    return [`${at} has ${printed.length} elements, not ${elements.length}`];
  }
  return elements.flatMap((value, index) => answerDifferences(value, printed[index], `${at}.${index}`));
}

function patternOf(text: string): RegExp {
  const parts = text.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`);
}
