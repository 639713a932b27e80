import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@anika/testkit/eventually';
import { freePort } from '@anika/testkit/free-port';
import { renderGateway } from '../../deploy/nginx/render.ts';
import { findProgram, runCommand } from '../../tools/run-command.ts';

export type Gateway = {
  readonly url: string;
  stop(): Promise<void>;
};

/** Where the three services are, as URLs. */
export type Services = { readonly auth: string; readonly topics: string; readonly messages: string };

const INSTALL_TIMEOUT_MS = 300_000;
const HINT =
  'The gateway test needs nginx with auth_request: install the Debian package "nginx" (or "nginx-core"), ' +
  'or put such an nginx on PATH.';

/**
 * A real nginx on a free port with the very configuration of the image, in front of these services.
 * It takes a client's address from nobody, unless `trusts` names the proxy that says it.
 */
export async function startGateway(
  services: Services,
  { trusts = '192.0.2.1' }: { trusts?: string } = {},
): Promise<Gateway> {
  const program = await findNginx();
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'anika-gateway-'));
  const gateway = await renderGateway({
    ANIKA_GATEWAY_LISTEN: `127.0.0.1:${port}`,
    ANIKA_GATEWAY_TRUSTS: trusts,
    ANIKA_RESOLVER: '127.0.0.1', // no name is looked up here
    ANIKA_AUTH_SERVER: new URL(services.auth).host,
    ANIKA_TOPICS_SERVER: new URL(services.topics).host,
    ANIKA_MESSAGES_SERVER: new URL(services.messages).host,
  });
  await writeFile(join(folder, 'gateway.conf'), gateway);
  await writeFile(join(folder, 'nginx.conf'), aroundGateway(folder));
  const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')];
  await runCommand(program, [...args, '-t'], { timeoutMs: 30_000 });
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  await eventually(() => isAlive(url, child), { timeoutMs: 30_000 });
  return {
    url,
    async stop() {
      const exit = once(child, 'exit');
      child.kill('SIGQUIT');
      const watchdog = setTimeout(() => child.kill('SIGTERM'), 2_000);
      await exit;
      clearTimeout(watchdog);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What the image's own nginx.conf is around the template, without a service user and its folders. */
function aroundGateway(folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
pid ${folder}/nginx.pid;
worker_processes 1;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 512; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  include ${folder}/gateway.conf;
}
`;
}

async function isAlive(url: string, child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`nginx ended with code ${child.exitCode}`);
  return (await fetch(`${url}/healthz`)).status === 200;
}

async function findNginx(): Promise<string> {
  const found = findProgram('nginx') ?? (await installNginx());
  const options = await runCommand(found, ['-V'], { timeoutMs: 30_000 });
  if (!options.includes('http_auth_request_module')) throw new Error(`${HINT} ${found} lacks it.`);
  return found;
}

async function installNginx(): Promise<string> {
  const apt = findProgram('apt-get');
  if (apt === undefined || process.getuid?.() !== 0) throw new Error(HINT);
  // Nothing may ask a question, and no service may be started by the package.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const options = { timeoutMs: INSTALL_TIMEOUT_MS, env };
  try {
    await runCommand(apt, ['update', '-q'], options);
    await runCommand(apt, ['install', '-y', '-q', '--no-install-recommends', 'nginx'], options);
  } catch (error) {
    throw new Error(HINT, { cause: error });
  }
  const program = findProgram('nginx');
  if (program === undefined) throw new Error(HINT);
  return program;
}
