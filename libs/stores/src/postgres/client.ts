import { type CompanyLimits, DEFAULT_LIMITS } from '@anika/core/company-limits';
import { within } from '@anika/runtime/deadline';
import { Unavailable } from '@anika/runtime/unavailable';
import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from './generated/client.ts';

/** Prisma's client, or a transaction of it. */
export type Db = PrismaClient;
export type Tx = Prisma.TransactionClient;

export type Postgres = {
  readonly db: Db;
  /** What one company may have; read where there is to be one more. */
  readonly companyLimits: CompanyLimits;
  /** Rejects when the server does not answer. */
  ping(): Promise<void>;
  /** Runs in one transaction; a lost connection is thrown as `Unavailable`. */
  transaction<R>(work: (tx: Tx) => Promise<R>): Promise<R>;
  close(): Promise<void>;
};

const CONNECTION_CODES = new Set(['P1001', 'P1002', 'P1008', 'P1011', 'P1017', 'P2024', 'P2028']);
const NETWORK_PATTERN =
  /Can't reach database server|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOENT|timeout exceeded|Connection terminated|57P0[123]|the database system is/i;

function isConnectionProblem(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (CONNECTION_CODES.has(code)) return true;
  if (error.name === 'DriverAdapterError' || error.name.startsWith('PrismaClient')) {
    return NETWORK_PATTERN.test(`${code} ${error.message} ${JSON.stringify(error.cause ?? '')}`);
  }
  return NETWORK_PATTERN.test(`${code} ${error.message}`);
}

/** No query of ours is slow: one that takes this long has lost its server. */
const QUERY_DEADLINE_MS = 3000;
const TRANSACTION_DEADLINE_MS = 10_000;
/** The server itself gives up a statement of a transaction, and its locks with it. */
const STATEMENT_TIMEOUT = '10s';

async function guarded<R>(work: () => Promise<R>, ms: number): Promise<R> {
  try {
    return await within(work(), { ms, what: 'PostgreSQL' });
  } catch (error) {
    if (isConnectionProblem(error)) throw new Unavailable('PostgreSQL', { cause: error });
    throw error;
  }
}

/** Connects lazily; a server that cannot be reached within a second is `Unavailable`. */
export function connectPostgres(options: {
  url: string;
  poolMax?: number;
  companyLimits?: CompanyLimits;
}): Postgres {
  const adapter = new PrismaPg({
    connectionString: options.url,
    max: options.poolMax ?? 10,
    connectionTimeoutMillis: 900,
    query_timeout: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  });
  const plain = new PrismaClient({ adapter });
  const db = plain.$extends({
    query: { $allOperations: ({ args, query }) => guarded(() => query(args), QUERY_DEADLINE_MS) },
  }) as unknown as Db;
  return {
    db,
    companyLimits: options.companyLimits ?? DEFAULT_LIMITS,
    ping: async () => {
      await db.$queryRaw`SELECT 1`;
    },
    transaction: (work) =>
      guarded(
        () =>
          plain.$transaction(
            async (tx) => {
              // Here and not as a parameter of the connection, which a pooler such as PgBouncer refuses. Statements
              // outside of transactions lock nothing that others wait for; for those the role has its own limit.
              await tx.$executeRaw`SELECT set_config('statement_timeout', ${STATEMENT_TIMEOUT}, true)`;
              return work(tx);
            },
            { maxWait: 1000, timeout: TRANSACTION_DEADLINE_MS },
          ),
        TRANSACTION_DEADLINE_MS,
      ),
    close: () => plain.$disconnect(),
  };
}

/** Whether a write failed because a unique index has the value already. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}
