import type { Role, Scope } from '@anika/core/access';
import type { FailureCode } from '@anika/core/failures';
import type { z } from 'zod';

/** The three parts of the api program that can run apart (ANIKA_MODULES). */
export const MODULES = ['auth', 'topics', 'messages'] as const;
export type ModuleName = (typeof MODULES)[number];

/** Who may call: anyone, or these roles; an API key needs the scope (`any`: it may have whichever). */
export type Access = 'public' | { readonly roles: readonly Role[]; readonly scope: Scope | 'any' | 'none' };

export const MEMBERS_READ: Access = { roles: ['admin', 'developer', 'viewer'], scope: 'read' };
export const BUILDERS_MANAGE: Access = { roles: ['admin', 'developer'], scope: 'manage' };
export const PUBLISHERS: Access = { roles: ['admin', 'developer'], scope: 'publish' };
export const RECEIVERS: Access = { roles: ['admin', 'developer'], scope: 'receive' };
/** What an owner decides about its readers: of keys, those that were given just that. */
export const GRANTERS: Access = { roles: ['admin'], scope: 'grants' };
/** Keys never administer: no scope opens these. */
export const ADMINS: Access = { roles: ['admin'], scope: 'none' };
export const OPERATORS: Access = { roles: ['operator'], scope: 'none' };
export const ADMINS_AND_OPERATORS: Access = { roles: ['admin', 'operator'], scope: 'none' };
/** For what concerns a person: no key is one. */
export const ANY_USER: Access = { roles: ['admin', 'developer', 'viewer', 'operator'], scope: 'none' };
export const EVERYBODY_SIGNED_IN: Access = {
  roles: ['operator', 'admin', 'developer', 'viewer'],
  scope: 'read',
};
/** Whoever has a valid credential, whatever it is for. */
export const ANY_CREDENTIAL: Access = { roles: ['operator', 'admin', 'developer', 'viewer'], scope: 'any' };

/** One HTTP route as data: the router, the OpenAPI document and the access tests are all made from it. */
export type RouteContract<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  S extends z.ZodType = z.ZodType,
> = {
  readonly id: string;
  readonly module: ModuleName;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** OpenAPI style: `/v1/topics/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  /** Also to a user whose company demands a second factor, and who has none yet. */
  readonly openWithoutFactor?: true;
  /** `none`: not counted, since the request it is asked for is. Default: by method and scope. */
  readonly quota?: 'none';
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Request headers that it reads. */
  readonly headers?: z.ZodObject;
  /** What its body may be besides JSON of `body`, by media type. */
  readonly alsoTakes?: Readonly<Record<string, OtherBody>>;
  /** Bytes; default 64 KiB. */
  readonly maxBodyBytes?: number;
  /** Each item of the body is judged for itself: names that come twice in one do not spoil the others. */
  readonly itemsApart?: true;
  /** A request that works, once its ids and addresses are somebody's own: what the API reference offers to try out. */
  readonly example?: { readonly query?: Readonly<Record<string, string>>; readonly body?: unknown };
  readonly success: {
    readonly status: number;
    readonly schema?: S;
    /** Of an answer that is sent as it comes; default JSON. */
    readonly contentType?: 'application/x-ndjson' | 'text/event-stream';
    readonly description: string;
    /** Headers of the answer, with what they say. */
    readonly headers?: Readonly<Record<string, string>>;
    /** Where it may succeed in another way too; `schema` above knows both bodies. */
    readonly also?: { readonly status: number; readonly schema: z.ZodType; readonly description: string };
  };
  /** Codes beyond those every route of its kind may answer. */
  readonly failures?: readonly FailureCode[];
};

export type OtherBody = { readonly schema: z.ZodType; readonly example: unknown };

/** What a body may be called, the first being how it usually is. */
export function mediaTypesOf({ alsoTakes = {} }: RouteContract): readonly [string, ...string[]] {
  return ['application/json', ...Object.keys(alsoTakes)];
}

export function defineRoute<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  S extends z.ZodType,
>(contract: RouteContract<P, Q, B, S>): RouteContract<P, Q, B, S> {
  return contract;
}
