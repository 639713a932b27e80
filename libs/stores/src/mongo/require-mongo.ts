import { ConfigError } from '@anika/runtime/config';
import { MongoError } from 'mongodb';
import { z } from 'zod';
import { guarded, type Mongo } from './client.ts';

const OLDEST = { major: 6, minor: 0 };

const hello = z.object({ setName: z.string().optional(), msg: z.string().optional() });
const buildInfo = z.object({ version: z.string(), versionArray: z.array(z.number()) });

export type MongoFacts = {
  readonly version: string;
  readonly versionArray: readonly number[];
  /** A member of a replica set, or a router of a sharded cluster, whose shards are replica sets. */
  readonly replicates: boolean;
};

/** Why a server cannot be used, in a sentence that says what to do; undefined: it can. */
export function mongoProblem({ version, versionArray, replicates }: MongoFacts): string | undefined {
  const [major = 0, minor = 0] = versionArray;
  if (major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor)) {
    return `MongoDB ${version} is too old: use ${OLDEST.major}.${OLDEST.minor} or newer.`;
  }
  if (!replicates) {
    return (
      'MongoDB at MONGODB_URL is a server by itself, and ANIKA needs a replica set, be it of one: ' +
      'start mongod with --replSet, run rs.initiate() on it once, and it keeps its data.'
    );
  }
  return undefined;
}

/**
 * To be asked once, before anything else is done with the database.
 * @throws ConfigError when the server cannot be used
 */
export async function requireMongo(mongo: Pick<Mongo, 'db'>): Promise<void> {
  const problem = mongoProblem(await factsOf(mongo).catch(throwRefusal));
  if (problem !== undefined) throw new ConfigError(problem);
}

/** Of an authentication that failed. */
const REFUSED = 18;

function throwRefusal(error: unknown): never {
  if (!(error instanceof MongoError) || error.code !== REFUSED) throw error;
  throw new ConfigError(`MongoDB refuses what MONGODB_URL says: ${error.message}`, { cause: error });
}

function factsOf({ db }: Pick<Mongo, 'db'>): Promise<MongoFacts> {
  return guarded(async () => {
    const { setName, msg } = hello.parse(await db.command({ hello: 1 }));
    const { version, versionArray } = buildInfo.parse(await db.command({ buildInfo: 1 }));
    return { version, versionArray, replicates: setName !== undefined || msg === 'isdbgrid' };
  });
}
