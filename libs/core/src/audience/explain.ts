import { factInEnglish } from './fact-in-english.ts';
import { factOf, type RuleFact } from './rule-facts.ts';
import {
  type Compiled,
  compileParty,
  type Party,
  type Readable,
  RULE_NAMES,
  RULES,
  type RuleName,
} from './rules.ts';

/** `detail` is the fact in words, as the API says it. */
export type Explained = {
  readonly rule: RuleName;
  readonly held: boolean;
  readonly fact: RuleFact;
  readonly detail: string;
};

export type Asked = {
  /** Who asks: the topic's owner, or the company of the party itself. */
  readonly by: 'owner' | 'reader';
  readonly nowMs: number;
};

/** The rules before it are the owner's, or the operator's. */
const FIRST_WISH = RULE_NAMES.indexOf('subscription-state');
const TERMS = RULE_NAMES.slice(0, FIRST_WISH);
const WISHES = RULE_NAMES.slice(FIRST_WISH);
const NO_SUBSCRIPTION: readonly RuleName[] = ['subscription-state'];

/**
 * Each rule in order, whether it holds and what was compared. The owner's terms come first: where they keep a message
 * from a reader, its own wishes are not judged, so that neither side can try them on what does not concern it, and the
 * reader hears of the first such term only, in words that tell nothing of the message.
 */
export function explain(party: Party, message: Readable, { by, nowMs }: Asked): Explained[] {
  const judging: Judging = { party, compiled: compileParty(party), message, nowMs };
  const judged = TERMS.map((rule) => ({ rule, held: holds(rule, judging) }));
  const broken = judged.findIndex(({ held }) => !held);
  const mayRead = broken === -1;
  const told = { ...judging, by, sees: by === 'owner' || mayRead };
  const shown = mayRead || by === 'owner' ? judged : judged.slice(0, broken + 1);
  const terms = shown.map(({ rule, held }) => explained({ rule, held }, factOf(rule, { ...told, held })));
  return mayRead ? [...terms, ...wishes(told)] : terms;
}

type Judging = {
  readonly party: Party;
  readonly compiled: Compiled;
  readonly message: Readable;
  readonly nowMs: number;
};

function wishes(told: Judging & { readonly by: Asked['by']; readonly sees: boolean }): Explained[] {
  const { party, by } = told;
  const isOwn = by === 'reader' || party.isOwner;
  return (party.subscription === undefined ? NO_SUBSCRIPTION : WISHES).map((rule) => {
    const held = holds(rule, told);
    return explained({ rule, held }, isOwn ? factOf(rule, { ...told, held }) : { says: 'readers-choice' });
  });
}

function explained(judged: Pick<Explained, 'rule' | 'held'>, fact: RuleFact): Explained {
  return { ...judged, fact, detail: factInEnglish(fact, judged) };
}

function holds(rule: RuleName, { compiled, message, nowMs }: Judging): boolean {
  return RULES[rule](compiled, message, nowMs);
}
