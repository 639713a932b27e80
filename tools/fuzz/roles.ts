import { performance } from 'node:perf_hooks';
import type { Anika } from './anika.ts';
import { type Company, createCompany, lookAt } from './company.ts';
import type { KnownIds } from './known-ids.ts';
import type { LoopDelay } from './loop-delay.ts';
import { populate } from './populate.ts';
import { cut, type FuzzAnswer, type FuzzReport, readReport } from './report.ts';
import { changes } from './rows-intact.ts';
import { isOfLeftOut, runSchemathesis } from './schemathesis.ts';

export const ROLES = ['anonymous', 'operator', 'admin', 'viewer', 'key'] as const;
export type RoleName = (typeof ROLES)[number];

export type RoleResult = Omit<FuzzReport, 'failures'> & {
  readonly role: RoleName;
  readonly seconds: number;
  /** Of the api, with a hostile company beside it. */
  readonly delay?: LoopDelay;
  readonly findings: readonly Finding[];
};

export type Finding = {
  readonly operation: string;
  readonly check: string;
  readonly message: string;
  readonly request?: string;
  readonly count: number;
};

export type RoleRun = {
  readonly role: RoleName;
  readonly anika: Anika;
  readonly program: string;
  readonly folder: string;
  readonly examples: number;
  readonly seed: number;
  readonly signal: AbortSignal;
};

/** Fuzzes all operations as a role of a new company, beside another one that must not notice. */
export async function runRole(run: RoleRun): Promise<RoleResult> {
  const { anika, role } = run;
  const startedAt = performance.now();
  const [own, other] = [await createCompany(anika), await createCompany(anika)];
  const known = await populate(anika, own, other);
  const before = await Promise.all([lookAt(anika, own), lookAt(anika, other)]);
  const leaks = createLeakSearch(role, { own, other });
  const token = await tokenOf(role, anika, own);
  const file = await runSchemathesis({
    ...run,
    apiUrl: anika.url,
    token,
    known: knownTo(role, known, own),
  });
  const { failures, ...figures } = await readReport(file, leaks.add);
  const changed = [
    ...changes('its company', before[0], await lookAt(anika, own)),
    ...changes('the other company', before[1], await lookAt(anika, other)),
  ];
  return {
    role,
    ...figures,
    seconds: Math.round((performance.now() - startedAt) / 1000),
    findings: [
      ...failures
        .filter((failure) => !isOfLeftOut(failure))
        .map(({ status, ...failure }) => ({
          ...failure,
          message: cut(`${status ?? 'no answer'} ${failure.message}`),
        })),
      ...leaks.found(),
      ...(await endedEarly(token, anika)),
      ...changed.map((message) => finding('left intact', cut(message))),
      ...(await anika.troubles()).map((message) => finding('programs', cut(message))),
    ],
  };
}

function finding(check: string, message: string): Finding {
  return { operation: '', check, message, count: 1 };
}

async function tokenOf(role: RoleName, anika: Anika, own: Company): Promise<string | undefined> {
  if (role === 'anonymous') return undefined;
  return role === 'operator' ? anika.operatorToken() : own.tokens[role];
}

/** With a credential that is no more all that is refused would look right. */
async function endedEarly(token: string | undefined, { client }: Anika): Promise<Finding[]> {
  if (token === undefined) return [];
  const { status } = await client.call('GET', '/v1/meta', { token });
  return status === 200 ? [] : [finding('programs', `its credential was answered ${status} at the end`)];
}

/** An operator may suspend whom it likes: of the companies it is told of one that nobody looks at. */
function knownTo(role: RoleName, known: KnownIds, own: Company): KnownIds {
  return role === 'operator' ? { ...known, par: [own.id] } : known;
}

/** What only its company may see, in the answers to others. The audit log shows an operator who did what. */
function createLeakSearch(role: RoleName, { own, other }: { own: Company; other: Company }) {
  const companies = role === 'anonymous' || role === 'operator' ? [own, other] : [other];
  const kinds =
    role === 'operator' ? (['message', 'secret', 'key'] as const) : Object.keys(other.canary.words);
  const words = companies.flatMap(({ canary }) =>
    Object.entries(canary.words).filter(([kind]) => kinds.some((one) => one === kind)),
  );
  const found = new Map<string, Finding>();
  return {
    add({ operation, status, text }: FuzzAnswer): void {
      for (const [kind, word] of words) {
        if (!text.includes(word)) continue;
        const message = `${status}: the answer holds the ${kind} of another company`;
        const key = `${operation} ${message}`;
        found.set(key, { operation, check: 'leak', message, count: (found.get(key)?.count ?? 0) + 1 });
      }
    },
    found: () => [...found.values()],
  };
}
