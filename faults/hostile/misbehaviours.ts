import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What an endpoint does to a request that it has read, and what must come of it within its time-out. */
export type Misbehaviour = {
  readonly name: string;
  readonly ends: 'delivered' | 'dead';
  /** What it says, for the log of hits. */
  readonly answered: number | 'hang' | 'reset';
  act(socket: Socket): void;
};

const OK = 'HTTP/1.1 200 OK\r\n';
const DRIP_MS = 200;
const ZEROS = Buffer.alloc(64 * 1024);
/** Made once: on a busy machine, one for each request held up all that came after. */
const BOMB = gzipSync(Buffer.alloc(20_000_000));
const BODY_BYTES = 300_000_000;

function drip(socket: Socket, piece: string): void {
  const timer = setInterval(() => socket.write(piece), DRIP_MS);
  socket.once('close', () => clearInterval(timer));
}

/** Writes as fast as it is read, until it has written so many bytes or nobody reads any more. */
function pour(socket: Socket, bytes: number): void {
  let left = bytes;
  const more = () => {
    while (left > 0 && !socket.destroyed) {
      left -= ZEROS.length;
      if (!socket.write(ZEROS)) return void socket.once('drain', more);
    }
  };
  more();
}

function says(socket: Socket, text: string | Buffer): void {
  socket.write(text);
}

export const MISBEHAVIOURS: readonly Misbehaviour[] = [
  { name: 'hangs', ends: 'dead', answered: 'hang', act: () => undefined },
  { name: 'resets', ends: 'dead', answered: 'reset', act: (socket) => void socket.resetAndDestroy() },
  { name: 'closes without an answer', ends: 'dead', answered: 'reset', act: (socket) => void socket.end() },
  {
    name: 'answers no HTTP',
    ends: 'dead',
    answered: 'reset',
    act: (socket) => says(socket, 'HELLO THERE\r\n\r\n'),
  },
  {
    name: 'sends headers of 200 KiB',
    ends: 'dead',
    answered: 'reset',
    act: (socket) => says(socket, `${OK}x: ${'a'.repeat(200 * 1024)}\r\n\r\n`),
  },
  {
    name: 'answers 103 for ever',
    ends: 'dead',
    answered: 'hang',
    act: (socket) => drip(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n'),
  },
  {
    name: 'drips its header',
    ends: 'dead',
    answered: 'hang',
    act(socket) {
      says(socket, `${OK}x: `);
      drip(socket, 'y');
    },
  },
  {
    name: 'drips its body',
    ends: 'dead',
    answered: 'hang',
    act(socket) {
      says(socket, `${OK}content-length: 100000\r\n\r\n`);
      drip(socket, 'z');
    },
  },
  {
    name: 'redirects to loopback',
    ends: 'dead',
    answered: 302,
    act: (socket) =>
      says(socket, 'HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n'),
  },
  {
    name: 'takes it with 204, a length and a body',
    ends: 'delivered',
    answered: 204,
    act: (socket) => says(socket, 'HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\nok'),
  },
  {
    name: 'takes it with 205 and a length without a body',
    ends: 'delivered',
    answered: 205,
    act: (socket) => says(socket, 'HTTP/1.1 205 Reset Content\r\ncontent-length: 9\r\n\r\n'),
  },
  {
    name: 'says 100 Continue unasked, and takes it',
    ends: 'delivered',
    answered: 200,
    act: (socket) => says(socket, `HTTP/1.1 100 Continue\r\n\r\n${OK}content-length: 0\r\n\r\n`),
  },
  {
    name: 'says 100 Continue and nothing else, as fast as it is read',
    ends: 'dead',
    answered: 'hang',
    act: (socket) => says(socket, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(10_000)),
  },
  {
    name: 'takes it in windows-1251',
    ends: 'delivered',
    answered: 200,
    act(socket) {
      says(socket, `${OK}content-type: text/html; charset=windows-1251\r\ncontent-length: 6\r\n\r\n`);
      says(socket, Buffer.from([0xcf, 0xf0, 0xe8, 0xed, 0xff, 0xea]));
    },
  },
  {
    name: 'takes it with a gzip bomb',
    ends: 'delivered',
    answered: 200,
    act(socket) {
      says(socket, `${OK}content-encoding: gzip\r\ncontent-length: ${BOMB.length}\r\n\r\n`);
      says(socket, BOMB);
    },
  },
  {
    name: 'takes it with a body of 300 MB',
    ends: 'delivered',
    answered: 200,
    act(socket) {
      says(socket, `${OK}content-length: ${BODY_BYTES}\r\n\r\n`);
      pour(socket, BODY_BYTES);
    },
  },
];
