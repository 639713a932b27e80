import { createTestDatabases } from '@anika/testkit/databases';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import type { Browser } from 'playwright-core';
import { startProgram } from './program.ts';

type Settings = Readonly<Record<string, string>>;

type Options = {
  /** Of the browser, from `describeInBrowser`. */
  readonly openBrowser: () => Promise<Browser>;
  /** Of both programs. */
  readonly settings?: Settings;
  /** Of the dispatcher alone. */
  readonly dispatcher?: Settings;
  /** What the endpoint answers; default: it takes everything. */
  readonly respond?: NonNullable<Parameters<typeof startReceiver>[0]>['respond'];
};

export type ConsoleStack = {
  /** Of the api, which serves the console. */
  readonly url: string;
  readonly receiver: Receiver;
  readonly browser: Browser;
  /** Ends all of it, the last first. */
  close(): Promise<void>;
};

/** What a test of the console looks at: both programs, an endpoint, and a browser. */
export async function startConsoleStack({
  openBrowser,
  settings = {},
  dispatcher = {},
  respond,
}: Options): Promise<ConsoleStack> {
  const ends: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const databases = await createTestDatabases();
    ends.push(() => databases.drop());
    const receiver = await startReceiver(respond === undefined ? {} : { respond });
    ends.push(() => receiver.close());
    const [api] = await Promise.all(
      (['api', 'dispatcher'] as const).map(async (app) => {
        const own = app === 'dispatcher' ? dispatcher : {};
        const program = await startProgram(app, { databases, settings: { ...settings, ...own } });
        ends.push(() => program.stop());
        return program;
      }),
    );
    const browser = await openBrowser();
    ends.push(() => browser.close());
    return { url: api?.url ?? '', receiver, browser, close };
  } catch (error) {
    await close();
    throw error;
  }
}
