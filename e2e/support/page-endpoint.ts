import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { eventually } from '@anika/testkit/eventually';
import { freePort } from '@anika/testkit/free-port';
import { fencesOf } from '../../tools/checks/transcript.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PORT = 9000;

/** Runs the first program of a page that is an endpoint, on a free port in place of its own. */
export async function startEndpointOf(path: string) {
  const page = await readFile(join(ROOT, path), 'utf8');
  const text = fencesOf(page).find(
    (fence) => fence.language === 'js' && fence.text.includes('createServer'),
  )?.text;
  if (text?.includes(`listen(${PORT}, `) !== true) throw new Error(`${path} has no endpoint at port ${PORT}`);
  const port = await freePort();
  const program = text.replaceAll(String(PORT), String(port));
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'pipe' });
  const closed = once(child, 'close');
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (said: string) => (output += said));
  child.stderr.setEncoding('utf8').on('data', (said: string) => (output += said));
  const url = `http://127.0.0.1:${port}/`;
  const stop = async (): Promise<void> => {
    child.kill();
    await closed;
  };
  try {
    await eventually(() => isUp(url));
  } catch (error) {
    await stop();
    throw new Error(`it says ${output}`, { cause: error });
  }
  return {
    url,
    says: (line: string) =>
      eventually(() => {
        if (!output.includes(line)) throw new Error(`it says ${output}`);
        return true;
      }),
    stop,
  };
}

function isUp(url: string): Promise<boolean> {
  return fetch(url, { method: 'POST', body: '{"type":"t"}' }).then(
    ({ ok }) => ok,
    () => false,
  );
}
