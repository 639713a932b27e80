import { findingText } from './describe-filter.ts';
import type { RuleFact } from './rule-facts.ts';
import type { RuleName } from './rules.ts';

/** What is said of a rule of the reader to the owner: never its values. */
export const READERS_CHOICE = "the reader's choice";

type Judged = { readonly rule: RuleName; readonly held: boolean };

/** For whoever reads the API itself. */
export function factInEnglish(fact: RuleFact, { rule, held }: Judged): string {
  switch (fact.says) {
    case 'own-word':
      return "it is a word of ANIKA's own, which this does not concern";
    case 'readers-choice':
      return READERS_CHOICE;
    case 'both-active':
      return 'both companies are active';
    case 'owner-suspended':
      return 'the owner is suspended';
    case 'reader-suspended':
      return 'the reader is suspended';
    case 'owner-reads':
      return rule === 'audience' ? 'the owner reads whatever it publishes' : 'the owner needs no grant';
    case 'no-grant':
      return 'there is no grant';
    case 'grant-in-force':
    case 'grant-expired':
    case 'grant-ended':
      return grantInEnglish(fact);
    case 'all-types':
      return `all types are ${verbOf(rule)}`;
    case 'types':
      return `${verbOf(rule)}: ${typesInEnglish(fact)}`;
    case 'no-filter':
      return `the ${rule === 'grant-filter' ? 'grant' : 'subscription'} has no filter`;
    case 'filter':
      return `${fact.filter} ${held ? 'holds' : 'does not hold'}`;
    case 'conditions':
      return findingText(fact.finding);
    case 'for-all':
      return 'it is for all granted companies';
    case 'for-you':
      return 'it is for you';
    case 'not-for-you':
      return 'it is not for you';
    case 'for-named':
      return `it is for ${fact.count} named, ${held ? 'this one among them' : 'not for this one'}`;
    case 'with-history':
      return 'earlier messages are granted too';
    case 'granted-since':
    case 'made-at':
      return timesInEnglish(fact);
    case 'no-subscription':
      return 'there is no subscription, or it is deleted';
    case 'subscription':
      return fact.state === 'active' ? fact.state : `${fact.state}: its deliveries wait until it is active`;
  }
}

type Of<S extends RuleFact['says']> = Extract<RuleFact, { says: S }>;

function grantInEnglish(fact: Of<'grant-in-force' | 'grant-expired' | 'grant-ended'>): string {
  const version = `version ${fact.version}`;
  if (fact.says === 'grant-ended') {
    return `${version}, ended${fact.by === undefined ? '' : ` by its ${fact.by}`} at ${iso(fact.atMs)}`;
  }
  if (fact.says === 'grant-expired') return `${version}, given until ${iso(fact.untilMs)}`;
  return `${version}, ${fact.untilMs === undefined ? 'without an end' : `until ${iso(fact.untilMs)}`}`;
}

function typesInEnglish({ types, more, type }: Of<'types'>): string {
  const list = types.join(', ') + (more > 0 ? ` and ${more} more` : '');
  return type === undefined ? list : `${list}; the message is ${type}`;
}

function timesInEnglish(fact: Of<'granted-since' | 'made-at'>): string {
  if (fact.says === 'made-at') return `made at ${iso(fact.madeAtMs)}; accepted at ${iso(fact.acceptedAtMs)}`;
  const { sinceMs, acceptedAtMs } = fact;
  const then = acceptedAtMs === undefined ? 'this one is older' : `accepted at ${iso(acceptedAtMs)}`;
  return `granted since ${iso(sinceMs)}; ${then}`;
}

function verbOf(rule: RuleName): string {
  return rule === 'grant-types' ? 'granted' : 'wanted';
}

function iso(ms: number | undefined): string {
  return ms === undefined ? 'an unknown time' : new Date(ms).toISOString();
}
