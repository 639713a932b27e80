import { connect } from 'node:net';
import { MongoClient } from 'mongodb';
import pg from 'pg';

const PROBE_TIMEOUT_MS = 3_000;

/** Rejects unless the PostgreSQL server answers a query. */
export async function probePostgres(url: string): Promise<void> {
  await queryPostgres(url, 'select 1');
}

/** Runs one statement over a connection of its own. */
export async function queryPostgres(url: string, statement: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: PROBE_TIMEOUT_MS });
  client.on('error', () => undefined); // a lost connection also fails the query
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Rejects unless the MongoDB server answers `ping`. */
export async function probeMongodb(url: string): Promise<void> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: PROBE_TIMEOUT_MS });
  try {
    await client.db().command({ ping: 1 });
  } finally {
    await client.close();
  }
}

/** Rejects unless the Redis server answers `PING`, which it refuses while it loads its data. */
export async function probeRedis(url: string): Promise<void> {
  const answer = await commandRedis(url, 'PING');
  // A server that wants a password is up as well: the apps bring theirs.
  if (!answer.startsWith('+PONG') && !answer.startsWith('-NOAUTH'))
    throw new Error(`Redis answered ${answer.trim()}`);
}

/** Sends one command without arguments and returns the first line of the answer. */
export function commandRedis(url: string, command: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port || 6379) });
    socket.setTimeout(PROBE_TIMEOUT_MS, () => socket.destroy(new Error('Redis does not answer')));
    socket.once('error', reject);
    socket.once('connect', () => socket.write(`${command}\r\n`));
    socket.setEncoding('utf8').once('data', (answer: string) => {
      socket.destroy();
      resolve(answer);
    });
    socket.once('close', () => reject(new Error('Redis closed the connection')));
  });
}
