import type { Text } from '../language.ts';
import type { Ports } from '../ports.ts';
import type { Supervisor } from '../supervise.ts';

export interface ServerContext {
  readonly home: string;
  readonly ports: Ports;
  readonly supervisor: Supervisor;
  /** Prints one line of progress. */
  readonly say: (line: Text) => void;
}

/** A server that answers under its URL, whoever runs it. */
export interface LocalServer {
  readonly url: string;
}
