import { connect } from 'node:net';

export type RawAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

export type RawOptions = {
  /** Closes our half of the connection once everything is sent. */
  readonly halfClose?: boolean;
};

/** Sends what no client library would, and reads until the server closes. */
export function sendRaw(url: string, request: string | Buffer, options: RawOptions = {}): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: options.halfClose === true });
    socket.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
    // An answer that has come counts, also where what was not read of the request resets the connection after it.
    socket.on('error', (error) => {
      if (chunks.length === 0) reject(error);
    });
    socket.on('end', () => socket.destroy());
    socket.on('close', () => resolve(answerOf(Buffer.concat(chunks).toString())));
    if (options.halfClose === true) socket.end(request);
    else socket.write(request);
  });
}

function answerOf(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [line = '', ...fields] = head.split('\r\n');
  const headers = Object.fromEntries(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  );
  return { status: Number(line.split(' ')[1]), headers, text: rest.join('\r\n\r\n') };
}
