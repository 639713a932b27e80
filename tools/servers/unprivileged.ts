import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ExplainedError } from '../explained-error.ts';
import { findProgram } from '../run-command.ts';

/** How to run a program that refuses to run as root, such as PostgreSQL. */
export interface Unprivileged {
  /** The command line to spawn for `command`. */
  wrap(command: string, args: readonly string[]): { command: string; args: readonly string[] };
  /** Gives the folder to the user the program will run as. */
  own(folder: string): Promise<void>;
  readonly uid?: number;
  readonly gid?: number;
}

export function unprivileged(neededPaths: readonly string[]): Unprivileged {
  if (process.getuid?.() !== 0)
    return { wrap: (command, args) => ({ command, args }), own: async () => undefined };
  const { uid, gid } = ordinaryUser();
  const own = (folder: string) => chown(folder, uid, gid);
  if (neededPaths.every(isOpenToAll)) return { wrap: (command, args) => ({ command, args }), own, uid, gid };

  // Below a closed folder such as /root the other user reaches nothing: let it pass by file rights, and only that.
  const setpriv = findProgram('setpriv');
  if (!setpriv) {
    throw new ExplainedError({
      ru:
        `PostgreSQL не работает от имени root, а его пользователю недоступна папка ${neededPaths[0]}: ` +
        'запустите ./anika обычным пользователем или положите АНИКУ в папку, открытую для всех.',
      en:
        `PostgreSQL does not run as root and its user cannot reach ${neededPaths[0]}: ` +
        'run ./anika as an ordinary user, or put ANIKA into a folder everybody may enter.',
    });
  }
  const rights = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  const identity = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  return {
    wrap: (command, args) => ({ command: setpriv, args: [...identity, ...rights, command, ...args] }),
    own,
  };
}

function ordinaryUser(): { uid: number; gid: number } {
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf(name, '-u');
    const gid = idOf(name, '-g');
    if (uid && gid) return { uid, gid };
  }
  throw new ExplainedError({
    ru: 'PostgreSQL не работает от имени root: заведите пользователя postgres или запустите ./anika обычным пользователем.',
    en: 'PostgreSQL does not run as root: create a user named postgres, or run ./anika as an ordinary user.',
  });
}

function idOf(name: string, option: string): number | undefined {
  try {
    return Number(
      execFileSync('id', [option, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  } catch {
    return undefined; // no such user
  }
}

function isOpenToAll(path: string): boolean {
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
  }
  return true;
}
