import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { type Link, openLink } from './link.ts';

let store: Server;
let asked: string;
let link: Link;

/** Answers each piece with the same in capitals. */
beforeEach(async () => {
  asked = '';
  store = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.setEncoding('utf8').on('data', (text: string) => {
      asked += text;
      socket.write(text.toUpperCase());
    });
  }).listen(0, '127.0.0.1');
  await once(store, 'listening');
  const address = store.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  link = await openLink({ host: '127.0.0.1', port: address.port });
});

afterEach(async () => {
  await link.close();
  store.close();
});

async function open(): Promise<{ socket: Socket; heard: () => string; ended: () => boolean }> {
  const socket = connect(link.port, '127.0.0.1');
  let heard = '';
  let ended = false;
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    ended = true;
  });
  await once(socket, 'connect');
  return { socket, heard: () => heard, ended: () => ended };
}

it('carries both ways', async () => {
  const { socket, heard } = await open();
  socket.write('ping');
  await eventually(() => heard() === 'PING');
});

it('refuses connections, and carries again afterwards', async () => {
  const before = await open();
  await link.set('refuse');
  await eventually(() => before.ended());
  await expect(once(connect(link.port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
  await link.set('pass');
  const after = await open();
  after.socket.write('ping');
  await eventually(() => after.heard() === 'PING');
});

it('does what is asked and swallows the answer, and resets that connection in the end', async () => {
  const { socket, heard, ended } = await open();
  await link.set('no-answers');
  socket.write('ping');
  await eventually(() => asked === 'ping');
  expect([heard(), ended()]).toEqual(['', false]);
  await link.set('pass');
  await eventually(() => ended());
  expect(heard()).toBe('');
});

it('goes silent in the midst of a request, and only connections that lost something are reset', async () => {
  const [lossy, idle] = [await open(), await open()];
  link.silentAfter(6);
  lossy.socket.write('ping');
  await eventually(() => lossy.heard() === 'PING');
  lossy.socket.write('pong');
  await eventually(() => link.mode() === 'silent' && asked === 'pingpo');
  await link.set('pass');
  idle.socket.write('still here');
  await eventually(() => idle.heard() === 'STILL HERE');
  await eventually(() => lossy.ended());
  expect(asked).toBe('pingpostill here');
});

it('breaks what is open, and carries what comes next', async () => {
  const before = await open();
  link.reset();
  await eventually(() => before.ended());
  const after = await open();
  after.socket.write('ping');
  await eventually(() => after.heard() === 'PING');
});

it('ends what is open, oldest first, and carries what comes next', async () => {
  const ends: string[] = [];
  for (const name of ['first', 'second', 'third']) {
    const { socket, heard } = await open();
    socket.on('end', () => ends.push(name));
    socket.write('ping');
    await eventually(() => heard() === 'PING');
  }
  link.end();
  await eventually(() => ends.length === 3);
  expect(ends).toEqual(['first', 'second', 'third']);
  const after = await open();
  after.socket.write('ping');
  await eventually(() => after.heard() === 'PING');
});

it('stalls: who writes much cannot go on', async () => {
  const { socket, ended } = await open();
  await link.set('stalled');
  socket.write('x'.repeat(50_000_000));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(socket.writableLength).toBeGreaterThan(0);
  expect(asked).toBe('');
  await link.set('pass');
  await eventually(() => ended());
});
