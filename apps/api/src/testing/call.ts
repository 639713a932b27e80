import type { World } from './world.ts';

/** A request that a route answers with its success status. */
export type Call = { readonly path: string; readonly body?: unknown; readonly token: string | undefined };

/** By the id of a route's contract: a request that succeeds, with whatever it needs made for it. */
export type Calls = Readonly<Record<string, (world: World) => Promise<Call>>>;
