import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { createTestDatabases } from '@anika/testkit/databases';
import { startReceiver } from '@anika/testkit/receiver';
import { readServers } from '@anika/testkit/servers';
import { ensureTemplate } from '@anika/testkit/template';
import { listen } from '../apps/api/src/testing/listen.ts';
import { startProgram } from '../e2e/support/program.ts';
import { createScene } from '../e2e/support/scene.ts';

/** What listeners cost: one api publishes, another one has nothing but them. `node bench/stream.ts`, with servers running. */
const LISTENERS = 10;
const SECONDS = 20;
/** Each is three events: a message, its delivery, and its state. */
const MESSAGES_PER_SECOND = 167;

await ensureTemplate(readServers().databaseUrl);
const databases = await createTestDatabases();
const settings = { ANIKA_MAX_STREAMS: '1000' };
const [publisher, streamer] = await Promise.all([
  startProgram('api', { databases, settings }),
  startProgram('api', { databases, settings }),
]);
const scene = await createScene(publisher.url);
// Its endpoint need not answer: nobody dispatches here.
await scene.subscribe(await startReceiver());

const cpuMs = (pid: number) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

async function measure(name: string): Promise<void> {
  const before = cpuMs(streamer.pid);
  const startedMs = Date.now();
  let sent = 0;
  while (Date.now() - startedMs < SECONDS * 1000) {
    const due = Math.floor(((Date.now() - startedMs) / 1000) * MESSAGES_PER_SECOND);
    const batch = Array.from({ length: Math.min(100, due - sent) }, (_, n) => ({
      type: 't',
      data: sent + n,
    }));
    if (batch.length > 0) {
      const body = { messages: batch };
      await scene.client.call('POST', `/v1/topics/${scene.topicId}/messages/batch`, {
        token: scene.owner.token,
        body,
      });
      sent += batch.length;
    }
    await wait(5);
  }
  const used = cpuMs(streamer.pid) - before;
  const elapsed = Date.now() - startedMs;
  const percent = ((used / elapsed) * 100).toFixed(1);
  process.stdout.write(
    `${name}: ${((sent * 3 * 1000) / elapsed).toFixed(0)} events/s, ${percent} % of a core\n`,
  );
}

await measure('warm-up, nobody listens');
await measure('nobody listens');
const open = await Promise.all(
  Array.from({ length: LISTENERS }, () => listen(streamer.url, '', { token: scene.owner.token })),
);
await measure('warm-up, ten listeners');
const before = open.map(({ events }) => events.length);
await measure('ten listeners');
await wait(1000);
process.stdout.write(
  `each got ${open.map(({ events }, n) => events.length - (before[n] ?? 0)).join(', ')} events\n`,
);
await Promise.all(open.map((one) => one.close()));
await Promise.all([publisher.stop(), streamer.stop()]);
await databases.drop();
process.exit();
