/** A fenced block of a page. */
export type Fence = {
  readonly language: string;
  readonly text: string;
  /** Where it begins in the page. */
  readonly line: number;
  /** Whether nothing stands between the block before and this one. */
  readonly followsAtOnce: boolean;
};

/** What a page says is answered, right below what is typed. */
export type Answer = { readonly language: 'json' | 'text'; readonly text: string };

/** What a page tells its reader to do. */
export type Step = {
  /** Where it begins in the page. */
  readonly line: number;
  readonly script: string;
  /** Undefined: none is shown. */
  readonly answer: Answer | undefined;
};

const FENCED = /^ {0,3}```(\w*)[^\n]*\n([\s\S]*?)^ {0,3}```$/gm;

/** The launcher, but for what it checks without a server: it starts something and keeps it, or takes minutes. */
const STARTS_ANIKA = /^(?:\w+=\S+ )*\.\/anika (?!verify-)/m;

export function fencesOf(page: string): Fence[] {
  let end = 0;
  return [...page.matchAll(FENCED)].map(({ 0: whole, 1: language = '', 2: text = '', index }) => {
    const followsAtOnce = end > 0 && page.slice(end, index).trim() === '';
    end = index + whole.length;
    return { language, text, line: page.slice(0, index).split('\n').length, followsAtOnce };
  });
}

/** Whether a block is for the launcher, which a test of a page does not start. */
export function startsAnika({ text }: Pick<Fence, 'text'>): boolean {
  return STARTS_ANIKA.test(text);
}

/** The steps of a page: its `sh` blocks but those for the launcher, each with the `json` or `text` that follows at once. */
export function stepsOf(page: string): Step[] {
  const fences = fencesOf(page);
  return fences.flatMap((fence, index): Step[] => {
    if (fence.language !== 'sh' || startsAnika(fence)) return [];
    return [{ line: fence.line, script: fence.text, answer: answerIn(fences[index + 1]) }];
  });
}

function answerIn(fence: Fence | undefined): Answer | undefined {
  if (fence?.followsAtOnce !== true) return undefined;
  const { language, text } = fence;
  return language === 'json' || language === 'text' ? { language, text } : undefined;
}

/** Where what was printed is not what is shown; empty: nowhere. */
export function printedDifferences({ language, text }: Answer, printed: string): string[] {
  if (language === 'text') {
    return patternOf(text.trim()).test(printed.trim()) ? [] : [`it prints ${printed}, not ${text}`];
  }
  try {
    return answerDifferences(JSON.parse(text), JSON.parse(printed));
  } catch (error) {
    return [`prints no JSON, or shows none (${error}): ${printed}`];
  }
}

/**
 * The same of JSON. An object may have more members than are shown, a list more elements where `"…"` stands at its end;
 * elsewhere it stands for anything, as `…` does within a text.
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
