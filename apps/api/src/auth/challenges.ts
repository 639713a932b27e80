import { isId, type UserId } from '@anika/core/ids';
import { CHALLENGE_MS } from '@anika/core/second-factor';
import { z } from 'zod';

/** A login whose password was right, and which waits for the second factor. */
export type Challenge = { readonly userId: UserId; readonly credentialsVersion: number };

type Needs = {
  readonly secretBox: {
    seal(plain: string, context: string): string;
    open(sealed: string, context: string): string;
  };
  readonly clock: { now(): number };
};

const CONTEXT = 'login-challenge';
const PREFIX = 'anc_';
const contents = z.object({
  userId: z.string().refine((text): text is UserId => isId('usr', text)),
  credentialsVersion: z.number().int(),
  untilMs: z.number(),
});

export type Challenges = ReturnType<typeof createChallenges>;

/**
 * Nothing is stored of one: it is sealed, and over when the credentials are others. Used twice it opens nothing twice,
 * as no code is good twice.
 */
export function createChallenges({ secretBox, clock }: Needs) {
  return {
    issue(challenge: Challenge): string {
      const plain = JSON.stringify({ ...challenge, untilMs: clock.now() + CHALLENGE_MS });
      return PREFIX + secretBox.seal(plain, CONTEXT);
    },

    /** Undefined: it is none of ours, or its time is over. */
    read(token: string): Challenge | undefined {
      if (!token.startsWith(PREFIX)) return undefined;
      try {
        const opened = secretBox.open(token.slice(PREFIX.length), CONTEXT);
        const { untilMs, ...challenge } = contents.parse(JSON.parse(opened));
        return untilMs > clock.now() ? challenge : undefined;
      } catch {
        return undefined; // forged, damaged or of a retired key
      }
    },
  };
}
