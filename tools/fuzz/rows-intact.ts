import { isDeepStrictEqual } from 'node:util';
import { type Company, lookAt } from './company.ts';
import type { Heard, StatefulRow } from './stage.ts';

/** What is left of it all; these come last. */
export const INTACT_ROWS: readonly StatefulRow[] = [
  {
    title: 'no answer to a company holds a name, address, email, secret or message of the other',
    check: async ({ heard, victim }) => leaks(heard, victim),
  },
  {
    title: 'what both companies have to themselves is as it was',
    async check({ anika, intruder, victim, before }) {
      return [
        ...changes('intruder', before.intruder, await lookAt(anika, intruder)),
        ...changes('victim', before.victim, await lookAt(anika, victim)),
      ];
    },
  },
  {
    title: 'both programs run as they were started, and no error is in their logs',
    check: ({ anika }) => anika.troubles(),
  },
];

/** Names of companies are public; in a refusal even they have no business. */
export function leaks(heard: readonly Heard[], { name, adminEmail, canary }: Company): string[] {
  const secrets = { ...canary.words, 'admin email': adminEmail };
  return heard.flatMap(({ request, status, text }) => {
    const words = status < 400 ? secrets : { ...secrets, 'company name': name };
    return Object.entries(words)
      .filter(([, word]) => text.includes(word))
      .map(([kind]) => `${request.slice(0, 150)} (${status}) holds the ${kind}`);
  });
}

/** Where two looks at the same things differ. */
export function changes(who: string, before: unknown, after: unknown): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  const [was, is] = [before, after].map((value) => Object.entries(Object(value)));
  return (was ?? []).flatMap(([what, value]) => {
    const now = is?.find(([name]) => name === what)?.[1];
    if (isDeepStrictEqual(value, now)) return [];
    return [
      `${who}: ${what} was ${JSON.stringify(value).slice(0, 100)}, is ${JSON.stringify(now)?.slice(0, 100)}`,
    ];
  });
}
