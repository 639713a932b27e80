import { filterLines } from '@anika/core/audience/describe-filter';
import type { RuleFact } from '@anika/core/audience/rule-facts';

/** What was compared by a rule, as the API has it. */
export function factView(
  fact: RuleFact,
): { readonly says: RuleFact['says'] } & Readonly<Record<string, unknown>> {
  switch (fact.says) {
    case 'grant-in-force':
    case 'grant-expired':
      return { says: fact.says, version: fact.version, until: iso(fact.untilMs) };
    case 'grant-ended':
      return { says: fact.says, version: fact.version, by: fact.by ?? null, at: iso(fact.atMs) };
    case 'types':
      return { ...fact, type: fact.type ?? null };
    case 'conditions':
      return { says: fact.says, lines: filterLines(fact.finding) };
    case 'granted-since':
      return {
        says: fact.says,
        since: new Date(fact.sinceMs).toISOString(),
        acceptedAt: iso(fact.acceptedAtMs),
      };
    case 'made-at':
      return {
        says: fact.says,
        madeAt: iso(fact.madeAtMs),
        acceptedAt: new Date(fact.acceptedAtMs).toISOString(),
      };
    default:
      return fact;
  }
}

function iso(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
