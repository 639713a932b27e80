import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Knows every name as 127.0.0.1, until it says nothing more. */
export type NameServer = {
  /** A command that becomes a program which asks this server: it has a `/etc/resolv.conf` of its own. */
  readonly asked: readonly string[];
  readonly questions: () => number;
  beSilent(): void;
  close(): Promise<void>;
};

const HEADER_BYTES = 12;
const TYPE_A = 1;
/** A name that points to the question, type A, class IN, five seconds, four bytes. */
const ANSWER = Buffer.from('c00c00010001000000050004' + '7f000001', 'hex');
const BECOME = 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"';

/** @param folder keeps the file that tells where it is */
export async function startNameServer(folder: string): Promise<NameServer> {
  let isSilent = false;
  let questions = 0;
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    questions += 1;
    if (!isSilent) socket.send(answerTo(query), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const file = join(folder, 'resolv.conf');
  await writeFile(file, `nameserver 127.0.0.1:${socket.address().port}\n`);
  return {
    asked: ['unshare', '--mount', 'sh', '-c', BECOME, 'sh', file],
    questions: () => questions,
    beSilent() {
      isSilent = true;
    },
    async close() {
      await new Promise<void>((resolve) => socket.close(resolve));
    },
  };
}

/** RFC 1035 §4.1: the question again, and an address if one was asked for. */
function answerTo(query: Buffer): Buffer {
  const nameEnd = query.indexOf(0, HEADER_BYTES);
  const questionEnd = nameEnd + 5;
  const hasAddress = query.readUInt16BE(nameEnd + 1) === TYPE_A;
  const header = Buffer.from(query.subarray(0, HEADER_BYTES));
  header.writeUInt16BE(0x8180, 2); // an answer without an error
  header.writeUInt16BE(hasAddress ? 1 : 0, 6);
  header.writeUInt32BE(0, 8);
  const question = query.subarray(HEADER_BYTES, questionEnd);
  return Buffer.concat([header, question, hasAddress ? ANSWER : Buffer.alloc(0)]);
}
