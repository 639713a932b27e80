import * as contract from '@anika/contracts/erasures';
import type { Erasure } from '@anika/core/erasure';
import { invalid, invalidIn } from '@anika/core/failures';
import { said } from '@anika/core/field-rules';
import { type Filter, parseFilterText } from '@anika/core/filter';
import { memberText } from '@anika/core/json-text';
import { partnerCaller } from '../http/check-access.ts';
import { pageOf, pageRequest } from '../http/page.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { iso, isoOrNull } from '../http/times.ts';
import type { EraseCommand, Erasures } from './erasures.ts';

function erasureView(erasure: Erasure) {
  const { id, topicId, kind, criterionHash, reason, state, matched, erased } = erasure;
  const { createdAtMs, finishedAtMs, proofHash } = erasure;
  return {
    id,
    topicId: topicId ?? null,
    by: kind,
    criterionHash: criterionHash ?? null,
    reason,
    state,
    matched,
    erased,
    createdAt: iso(createdAtMs),
    finishedAt: isoOrNull(finishedAtMs),
    proof:
      finishedAtMs === undefined || proofHash === undefined
        ? null
        : { at: iso(finishedAtMs), count: erased, hash: proofHash },
  };
}

type Looked = {
  readonly key?: string | undefined;
  readonly path?: string | undefined;
  readonly value?: unknown;
};

/** Either a key, or a value at a path, with all the digits it was written with. */
function criterionOf(
  { key, path, value }: Looked,
  bodyText: string,
): Pick<EraseCommand, 'kind' | 'criterion'> {
  if ((key === undefined) === (path === undefined))
    throw invalid('key', 'give either a key, or a path and a value');
  if ((path === undefined) !== (value === undefined))
    throw invalid('value', 'belongs to a path, and a path to it');
  if (path === undefined) return { kind: 'key', criterion: parsed({ key }, 'key') };
  if (!path.startsWith('data.')) throw invalid('path', said('not-in-data'));
  const text = `{${JSON.stringify(path)}:${memberText(bodyText, 'value') ?? 'null'}}`;
  return { kind: 'path', criterion: filterFrom(text, 'path') };
}

function parsed(conditions: object, at: string): Filter {
  return filterFrom(JSON.stringify(conditions), at);
}

function filterFrom(text: string, at: string): Filter {
  const result = parseFilterText(text);
  if (result.ok) return result.filter;
  // Where in the filter it is was not written by who asks.
  throw invalidIn(
    at,
    result.errors.map((error) => ({ ...error, path: '' })),
  );
}

export function erasureRoutes(erasures: Erasures): BoundRoute[] {
  return [
    bindRoute(contract.createErasure, async ({ body, bodyText, caller }) => {
      const { topicId, reason } = body;
      const command = { topicId, reason, ...criterionOf(body, bodyText) };
      const by = partnerCaller(caller);
      if (body.dryRun === true) {
        return { status: 200, body: { dryRun: true, ...(await erasures.preview(command, by)) } };
      }
      return { body: erasureView(await erasures.create(command, by)) };
    }),
    bindRoute(contract.listErasures, async ({ query, caller }) => {
      const found = await erasures.list(partnerCaller(caller), pageRequest(query));
      return { body: pageOf(found, query.limit, { cursor: ({ id }) => id, view: erasureView }) };
    }),
    bindRoute(contract.getErasure, async ({ params, caller }) => ({
      body: erasureView(await erasures.get(pathId('era', params.id), partnerCaller(caller))),
    })),
  ];
}
