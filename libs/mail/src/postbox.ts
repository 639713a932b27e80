import type { Logger } from '@anika/runtime/logger';
import { waitOrAbort } from '@anika/runtime/wait';
import type { Mail, Mailer } from './mailer.ts';

/** What a mail is about, for the log: neither its receiver nor its text is in there. */
export type Posted = Mail & { readonly about: string };

export type Postbox = {
  /** Returns at once, whatever becomes of it: nobody waits for a mail, nor can tell by the time who gets one. */
  post(mail: Posted): void;
  /** Gives up what still waits for another try, and resolves once nothing is under way. */
  close(): Promise<void>;
};

export type PostboxOptions = {
  /** Undefined: no server is set, and nothing is sent. */
  readonly mailer: Mailer | undefined;
  readonly logger: Logger;
  /** Waiting times between the tries. */
  readonly againMs?: readonly number[];
  /** Beyond so many at once, more are dropped. */
  readonly max?: number;
};

const AGAIN_MS = [2000, 15_000, 60_000] as const;
const MAX = 500;

/**
 * Mails that somebody waits for and can ask for again: an invitation, a forgotten password. They are kept in memory
 * and tried a few times; what must not get lost is not posted here.
 */
export function createPostbox({ mailer, logger, againMs = AGAIN_MS, max = MAX }: PostboxOptions): Postbox {
  const stop = new AbortController();
  const underWay = new Set<Promise<void>>();

  async function deliver({ about, ...mail }: Posted, { send }: Mailer): Promise<void> {
    for (const waitMs of [...againMs, undefined]) {
      try {
        const outcome = await send(mail);
        logger.info({ about, outcome }, 'mail');
        return;
      } catch (error) {
        logger.warn({ about, err: error, againMs: waitMs }, 'mail not handed over');
      }
      if (waitMs === undefined) return;
      await waitOrAbort(waitMs, stop.signal);
      if (stop.signal.aborted) return;
    }
  }

  return {
    post(mail) {
      if (mailer === undefined) return;
      if (underWay.size >= max) {
        logger.warn({ about: mail.about }, 'too many mails wait: dropped');
        return;
      }
      const work = deliver(mail, mailer).finally(() => underWay.delete(work));
      underWay.add(work);
    },
    async close() {
      stop.abort();
      await Promise.all(underWay);
    },
  };
}
