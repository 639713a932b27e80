import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_ROUTES } from '@anika/contracts/all-routes';
import { MODULES } from '@anika/contracts/route';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { apiSettings, readConfig as readApiConfig } from '../apps/api/src/config.ts';
import { dispatcherSettings, readConfig as readDispatcherConfig } from '../apps/dispatcher/src/config.ts';
import { renderGateway, TEMPLATE } from './nginx/render.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const value = z.union([z.string(), z.number()]).nullable();
const composeFile = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
      command: z.array(z.string()).optional(),
      restart: z.string(),
      environment: z.record(z.string(), value),
      volumes: z.array(z.string()).optional(),
      ports: z.array(z.string()).optional(),
      networks: z.array(z.string()),
      depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
      user: z.string().optional(),
      read_only: z.boolean().optional(),
      cap_drop: z.array(z.string()).optional(),
      security_opt: z.array(z.string()).optional(),
      healthcheck: z.object({ test: z.array(z.string()).optional(), disable: z.boolean().optional() }),
    }),
  ),
  volumes: z.record(z.string(), z.unknown()),
  networks: z.record(z.string(), z.object({ internal: z.boolean() }).nullable()),
});

const text = read('docker-compose.yml');
const compose = composeFile.parse(parse(text, { merge: true }));
const services = Object.entries(compose.services);
const service = (name: string) => compose.services[name] ?? expect.unreachable(`no service ${name}`);
const programs = services.filter(([, { build }]) => build !== undefined);

/** The values of env.example, the ones left empty filled in as it says. */
function filledIn(): Record<string, string> {
  const lines = read('deploy/env.example').matchAll(/^([A-Z_]+)=(.*)$/gm);
  const filled = Object.fromEntries(
    [...lines].map(([, name = '', given]) => [name, given || 'x'.repeat(24)]),
  );
  const key = `k1:${Buffer.alloc(32, 1).toString('base64')}`;
  return { ...filled, ANIKA_SECRET_KEYS: key, ANIKA_OPERATOR_EMAIL: 'operator@anika.test' };
}

/** The environment of a service as compose makes it; what has no value anywhere is left out. */
function environmentOf(name: string, env = filledIn()): Record<string, string> {
  const entries = Object.entries(service(name).environment).flatMap(([key, given]) => {
    const found = given === null ? env[key] : interpolate(String(given), env);
    return found === undefined ? [] : [[key, found]];
  });
  return Object.fromEntries(entries);
}

function interpolate(given: string, env: Readonly<Record<string, string>>): string {
  return given.replaceAll(/\$\{(\w+)(?::([?-])([^}]*))?\}/g, (_whole, name: string, kind, rest) => {
    const found = env[name] ?? (kind === '-' ? rest : undefined);
    if (found === undefined) throw new Error(`${name} is not in env.example`);
    return found;
  });
}

describe('docker-compose.yml', () => {
  it('has the gateway, the parts of the api, the dispatcher, the migrations and the stores', () => {
    const expected = ['gateway', ...MODULES, 'dispatcher', 'migrate', 'postgres', 'mongo', 'redis'];
    expect(Object.keys(compose.services).sort()).toEqual(expected.sort());
  });

  it.each(services)('%s has a health check, unless it runs once', (name, { healthcheck, restart }) => {
    if (name === 'migrate') {
      expect({ healthcheck, restart }).toEqual({ healthcheck: { disable: true }, restart: 'no' });
      return;
    }
    expect(healthcheck.test?.[0]).toMatch(/^CMD/);
    expect(restart).toBe('unless-stopped');
  });

  it.each(services)('%s names the version of its image', (_name, { image }) => {
    expect(image).toMatch(/^[a-z]+:\d+(\.\d+)*/);
  });

  it.each(services)(
    '%s holds no secret: each comes from .env and must be there',
    (_name, { environment }) => {
      for (const [key, given] of Object.entries(environment)) {
        if (/PASSWORD|SECRET|TOKEN/.test(key)) {
          expect(given ?? `\${${key}:?}`, key).toMatch(/^\$\{\w+:\?[^}]*\}$/);
        }
        if (/_URL$/.test(key)) expect(String(given), key).not.toMatch(/:[^:@/$]+@/);
      }
    },
  );

  it('names only files that exist', () => {
    for (const [, { build, volumes = [] }] of services) {
      if (build !== undefined) expect(existsSync(join(ROOT, build.context, build.dockerfile))).toBe(true);
      for (const source of volumes.map((volume) => volume.split(':')[0] ?? '')) {
        const known = source.startsWith('.') ? existsSync(join(ROOT, source)) : source in compose.volumes;
        expect(known, source).toBe(true);
      }
    }
  });

  it('publishes the gateway alone', () => {
    expect(services.filter(([, { ports }]) => ports !== undefined).map(([name]) => name)).toEqual([
      'gateway',
    ]);
  });

  it('lets no process gain rights, and those that face the world write nothing and have none', () => {
    for (const [name, { security_opt = [] }] of services) {
      expect(security_opt, name).toContain('no-new-privileges:true');
    }
    for (const [name, { read_only, cap_drop }] of [...programs, ['gateway', service('gateway')] as const]) {
      expect({ read_only, cap_drop }, name).toEqual({ read_only: true, cap_drop: ['ALL'] });
    }
    expect(service('gateway').user).toBe('101:101');
  });

  it('gives the programs no administrator of a store, and only "migrate" the owner of the tables', () => {
    for (const [name] of programs) {
      const { DATABASE_URL, MONGODB_URL, REDIS_URL } = environmentOf(name);
      const owner = name === 'migrate' ? 'anika_migrate' : 'anika_app';
      expect([DATABASE_URL, MONGODB_URL, REDIS_URL].map((url) => new URL(url ?? '').username)).toEqual([
        owner,
        'anika',
        'anika',
      ]);
    }
    expect(environmentOf('postgres').POSTGRES_USER).not.toMatch(/^anika/);
    expect(environmentOf('mongo').MONGO_INITDB_ROOT_USERNAME).not.toBe('anika');
    expect(text).toContain('user default off');
  });

  it('keeps the stores away from the world and from the gateway', () => {
    expect(compose.networks.stores).toEqual({ internal: true });
    for (const store of ['postgres', 'mongo', 'redis']) expect(service(store).networks).toEqual(['stores']);
    expect(service('gateway').networks).not.toContain('stores');
  });

  it('lets out only those who call endpoints or a mail server', () => {
    const open = Object.keys(compose.networks).filter((name) => compose.networks[name]?.internal !== true);
    const outward = services.filter(([, { networks }]) => networks.some((name) => open.includes(name)));
    expect(outward.map(([name]) => name).sort()).toEqual(['auth', 'dispatcher', 'gateway', 'topics']);
  });

  it('starts the programs when the migrations are done', () => {
    for (const [name, { depends_on = {} }] of programs) {
      if (name === 'migrate') continue;
      expect(depends_on.migrate, name).toEqual({ condition: 'service_completed_successfully' });
    }
  });

  it('gives each part of the api its module and together all of them', () => {
    expect(MODULES.map((name) => service(name).environment.ANIKA_MODULES)).toEqual([...MODULES]);
    expect(new Set(ALL_ROUTES.map(({ module }) => module))).toEqual(new Set(MODULES));
  });

  it.each(programs)('%s has settings that its program takes', (name) => {
    const known = Object.keys({ ...apiSettings.shape, ...dispatcherSettings.shape });
    expect(Object.keys(service(name).environment).filter((key) => !known.includes(key))).toEqual([]);
    const readConfig = name === 'dispatcher' ? readDispatcherConfig : readApiConfig;
    expect(() => readConfig(environmentOf(name))).not.toThrow();
  });

  it.each(programs)('%s runs a program that the image holds', (_name, { command = [] }) => {
    const [node, program = ''] = command;
    expect(node).toBe('node');
    expect(read('deploy/Dockerfile')).toContain(program.replace(/\/main\.js$/, ' '));
    expect(existsSync(join(ROOT, program.replace('dist/main.js', 'src/main.ts')))).toBe(true);
  });

  it('fills in all that the gateway template leaves open', async () => {
    const environment = environmentOf('gateway');
    const open = readFileSync(TEMPLATE, 'utf8').matchAll(/\$\{(ANIKA_[A-Z_]+)\}/g);
    expect(Object.keys(environment)).toEqual(expect.arrayContaining([...open].map(([, name]) => name)));
    const rendered = await renderGateway(environment as Parameters<typeof renderGateway>[0]);
    expect(rendered).toContain('server messages:8080 resolve;');
    expect(rendered).not.toContain('${');
  });
});

describe('the images', () => {
  it('are built on a named version, and run as a user without rights', () => {
    const file = read('deploy/Dockerfile');
    const bases = [...file.matchAll(/^FROM (\S+)/gm)].map(([, base = '']) => base);
    const stages = [...file.matchAll(/^FROM \S+ AS (\w+)/gm)].map(([, stage]) => stage);
    for (const base of bases) if (!stages.includes(base)) expect(base).toMatch(/^node:\d+-/);
    expect(file.slice(file.lastIndexOf('FROM '))).toMatch(/^USER node$/m);
    expect(file).toMatch(/^HEALTHCHECK /m);
  });

  it('leave local data, secrets and installed packages out', () => {
    const ignored = read('.dockerignore').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.*', '**/node_modules', '.env', '**/dist']));
  });
});
