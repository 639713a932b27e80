import * as contract from '@anika/contracts/audit';
import type { Caller } from '@anika/core/access';
import { invalid } from '@anika/core/failures';
import type { PartnerId, TopicId } from '@anika/core/ids';
import { signedIn } from '../http/check-access.ts';
import { pageOf } from '../http/page.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { msOf } from '../http/times.ts';

export type AuditFilter = {
  /** Undefined: an operator, who sees all. */
  readonly partnerId: PartnerId | undefined;
  readonly topicId: TopicId | undefined;
  readonly aboutPartnerId: PartnerId | undefined;
  readonly action: string | undefined;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
};

/** The log as a reader needs it; each entry carries the hash of the one before. */
export type AuditReader = {
  list(filter: AuditFilter & { beforeSeq: number | undefined; limit: number }): Promise<{ seq: number }[]>;
  export(filter: AuditFilter): AsyncIterable<{ seq: number }>;
};

type Query = {
  readonly topicId?: TopicId | undefined;
  readonly partnerId?: PartnerId | undefined;
  readonly action?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

function filterFrom(query: Query, caller: Caller): AuditFilter {
  return {
    partnerId: caller.partnerId,
    topicId: query.topicId,
    aboutPartnerId: query.partnerId,
    action: query.action,
    fromMs: msOf(query.from),
    toMs: msOf(query.to),
  };
}

function cursorOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw invalid('cursor', 'is not a nextCursor of this list');
  return Number(text);
}

async function* lines(entries: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`;
}

export function auditRoutes(audit: AuditReader): BoundRoute[] {
  return [
    bindRoute(contract.listAudit, async ({ query, caller }) => {
      const { limit, cursor } = query;
      const filter = filterFrom(query, signedIn(caller));
      const found = await audit.list({ ...filter, beforeSeq: cursorOf(cursor), limit: limit + 1 });
      return { body: pageOf(found, limit, { cursor: ({ seq }) => String(seq), view: (entry) => entry }) };
    }),
    bindRoute(contract.exportAudit, async ({ query, caller }) => ({
      headers: { 'Content-Type': 'application/x-ndjson; charset=utf-8' },
      stream: lines(audit.export(filterFrom(query, signedIn(caller)))),
    })),
  ];
}
