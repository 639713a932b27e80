import { listAudit } from '@anika/contracts/audit';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import type { ApiProblem } from '../api/api.ts';
import { useApi } from '../api/api-context.ts';
import { everyPage } from '../api/every-page.ts';
import { useMay } from '../session/session-context.ts';
import type { JsonObject } from '../ui/json-object.ts';
import type { FoundGrant } from './use-grant.ts';

export type Fields = Readonly<JsonObject> | null;

/**
 * What a version of a grant hid: known; or only what the present one hides, as the terms of that time are in the audit
 * log, which not everybody reads and which may not go so far back.
 */
export type FieldsThen =
  | { readonly kind: 'loading' }
  | { readonly kind: 'none' }
  | { readonly kind: 'known'; readonly fields: Fields; readonly version: number }
  | {
      readonly kind: 'present';
      readonly fields: Fields;
      readonly version: number;
      readonly why: 'not-yours' | 'not-kept';
    };

const audited = z.looseObject({ version: z.number(), fields: z.record(z.string(), z.unknown()).nullable() });

/** @param version null: of an attempt that does not say; the present one */
export function useFieldsThen(
  { grant, isLoading }: Pick<FoundGrant, 'grant' | 'isLoading'>,
  version: number | null | undefined,
): FieldsThen {
  const api = useApi();
  const { administer } = useMay();
  const isPast = grant !== undefined && version != null && version !== grant.version;
  const past = useQuery<ReadonlyMap<number, Fields>, ApiProblem>({
    queryKey: [listAudit.id, 'terms', grant?.id],
    queryFn: async () => {
      if (grant === undefined) return new Map();
      const { id, topicId, partnerId } = grant;
      const entries = await everyPage((cursor) =>
        api.ask(listAudit, {
          query: { topicId, partnerId, limit: 200, ...(cursor !== undefined && { cursor }) },
        }),
      );
      const terms = entries
        .filter(({ subjectId }) => subjectId === id)
        .flatMap(({ after }) => audited.safeParse(after).data ?? []);
      return new Map(terms.map((one) => [one.version, one.fields]));
    },
    enabled: isPast && administer,
  });
  if (grant === undefined) return { kind: isLoading ? 'loading' : 'none' };
  const { fields } = grant;
  if (!isPast) return { kind: 'known', fields, version: grant.version };
  if (!administer) return { kind: 'present', fields, version: grant.version, why: 'not-yours' };
  if (past.isPending) return { kind: 'loading' };
  const then = past.data?.get(version);
  if (then === undefined) return { kind: 'present', fields, version: grant.version, why: 'not-kept' };
  return { kind: 'known', fields: then, version };
}
