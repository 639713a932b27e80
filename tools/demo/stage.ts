import type { Text } from '../language.ts';
import type { Client } from './client.ts';
import type { Endpoint } from './endpoints.ts';
import type { Printer } from './print.ts';

/** What every scene has at hand. */
export interface Stage {
  readonly tell: Printer;
  /** Without a credential. */
  readonly api: Client;
  readonly signal: AbortSignal;
  /** A new server of a company; it is shut down when the story is over. */
  openEndpoint(): Promise<Endpoint>;
}

/** A company with its admin signed in. */
export interface Company {
  readonly id: string;
  readonly name: string;
  /** The name with what the company is. */
  readonly title: Text;
  readonly email: string;
  readonly password: string;
  readonly client: Client;
}

export interface Cast {
  readonly operator: Client;
  readonly dealer: Company;
  readonly bank: Company;
  readonly stranger: Company;
}

const DAY_MS = 86_400_000;

/** A day before a time to a day after it, as routes take a range. */
export function rangeAround(atMs: number): { from: string; to: string } {
  return { from: new Date(atMs - DAY_MS).toISOString(), to: new Date(atMs + DAY_MS).toISOString() };
}
