import { Socket } from 'node:net';
import { type buildConnector, Client, type Dispatcher } from 'undici';
import { bareHost } from './connect.ts';
import { type AnswerFilter, dropInterim } from './drop-interim.ts';
import { follow, type Making, newMaking } from './phases.ts';

const HEADERS_MAX_BYTES = 16 * 1024;
/** Where the endpoint says nothing of its own: most close after 5 s or more, and who closes sooner costs a second try. */
const IDLE_MS = 4000;
/** The endpoint's own `Keep-Alive: timeout` holds up to this, shorter by a second. */
const IDLE_MAX_MS = 30_000;
const IDLE_MARGIN_MS = 1000;

/** One connection to an endpoint, which carries one request at a time. It is made with the first of them. */
export type Connection = {
  readonly partnerId: string;
  readonly origin: string;
  dispatch(options: Omit<Dispatcher.DispatchOptions, 'origin'>, handler: Dispatcher.DispatchHandler): void;
  isOpen(): boolean;
  /** A request is about to be written: returns whether another was before it on this connection. */
  begin(): boolean;
  /** How it came about, the last time that it did; undefined before that. */
  making(): Making | undefined;
  /** Whether anything came back for the request that was begun. */
  hasAnswered(): boolean;
  destroy(reason: Error): void;
};

type Opening = {
  readonly partnerId: string;
  readonly origin: string;
  readonly connect: buildConnector.connector;
  /** It was open and is closed now, by whichever side. */
  readonly onClosed: (connection: Connection) => void;
};

export function openConnection({ partnerId, origin, connect, onClosed }: Opening): Connection {
  let filter: AnswerFilter | undefined;
  let connecting: unknown;
  let making: Making | undefined;
  let isOpen = false;
  let begun = 0;
  const client = new Client(origin, {
    connect(options, callback) {
      const { hostname, protocol } = options;
      const made = newMaking({ hostname: bareHost(hostname), isTls: protocol === 'https:' });
      making = made;
      const socketOf: unknown = connect(options, (...outcome) => {
        connecting = undefined;
        made.readyAt = performance.now();
        const [, socket] = outcome;
        if (socket instanceof Socket) filter = dropInterim(socket);
        callback(...outcome);
      });
      connecting = socketOf;
      follow(socketOf, made);
    },
    pipelining: 1,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MAX_MS,
    keepAliveTimeoutThreshold: IDLE_MARGIN_MS,
    maxHeaderSize: HEADERS_MAX_BYTES,
    // One clock for all phases, in send.ts: these would restart with every byte.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const connection: Connection = {
    partnerId,
    origin,
    dispatch: (options, handler) => void client.dispatch({ ...options, origin }, handler),
    isOpen: () => isOpen,
    begin() {
      filter?.expect();
      begun += 1;
      return begun > 1;
    },
    making: () => making,
    hasAnswered: () => filter?.hasBegun() ?? false,
    destroy(reason) {
      client.destroy(reason).catch(() => undefined);
      // A client that is destroyed would else go on connecting.
      if (connecting instanceof Socket) connecting.destroy(reason);
    },
  };
  client.on('connect', () => {
    isOpen = true;
    begun = 0;
  });
  client.on('disconnect', () => {
    isOpen = false;
    onClosed(connection);
  });
  return connection;
}
