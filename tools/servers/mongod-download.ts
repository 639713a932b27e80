import { join } from 'node:path';
import got from 'got';
import { MongoBinary } from 'mongodb-memory-server-core/lib/util/MongoBinary.js';
import { reasonOf } from '../explained-error.ts';
import { ensureFolder, readJson, SOFTWARE, writeJson } from '../home.ts';
import type { Text } from '../language.ts';

const DEFAULT_HOST = 'https://fastdl.mongodb.org';
const PROBE_TIMEOUT_MS = 3_000;
const RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

/** Where nothing could be downloaded from. */
export interface Unreachable {
  readonly host: string;
}

/** The path of a mongod, downloaded once by mongodb-memory-server; a failure is not tried again for a day. */
export async function downloadMongod(say: (line: Text) => void): Promise<string | Unreachable> {
  const mirror = process.env.MONGOMS_DOWNLOAD_MIRROR ?? DEFAULT_HOST;
  const unreachable = { host: new URL(mirror).host };
  const folder = await ensureFolder(SOFTWARE, 'mongod');
  const failurePath = join(folder, 'failed.json');
  if (await failedLately(failurePath, mirror)) return unreachable;
  try {
    // The package itself would wait and retry for minutes.
    await got.head(mirror, {
      timeout: { request: PROBE_TIMEOUT_MS },
      retry: { limit: 0 },
      throwHttpErrors: false,
    });
    say({
      ru: `MongoDB: скачиваю mongod с ${unreachable.host} (один раз) …`,
      en: `MongoDB: fetching mongod from ${unreachable.host} (once) …`,
    });
    return await MongoBinary.getPath({ downloadDir: folder });
  } catch (error) {
    const reason = reasonOf(error);
    say({
      ru: `MongoDB: с ${unreachable.host} скачать не удалось (${reason})`,
      en: `MongoDB: no mongod from ${unreachable.host} (${reason})`,
    });
    await writeJson(failurePath, { at: Date.now(), mirror });
    return unreachable;
  }
}

async function failedLately(path: string, mirror: string): Promise<boolean> {
  const failure = await readJson(path);
  if (typeof failure !== 'object' || failure === null) return false;
  if (!('at' in failure && 'mirror' in failure)) return false;
  return failure.mirror === mirror && Date.now() - Number(failure.at) < RETRY_AFTER_MS;
}
