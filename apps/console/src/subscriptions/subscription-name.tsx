import { listSubscriptions } from '@anika/contracts/subscriptions';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { useApi } from '../api/api-context.ts';
import { everyPage } from '../api/every-page.ts';
import { useSession } from '../session/session-context.ts';
import { Id } from '../ui/id.tsx';
import { visibleText } from '../ui/visible-text.ts';

export type Subscription = z.output<NonNullable<typeof listSubscriptions.success.schema>>['items'][number];

const STALE_MS = 30_000;
const NONE: ReadonlyMap<string, Subscription> = new Map();

/** Own subscriptions, by id. */
export function useSubscriptions(): ReadonlyMap<string, Subscription> {
  const api = useApi();
  const { partnerId } = useSession();
  const { data } = useQuery({
    queryKey: [listSubscriptions.id, 'names'],
    queryFn: async () => {
      const items = await everyPage((cursor) =>
        api.ask(listSubscriptions, { query: { limit: 200, ...(cursor !== undefined && { cursor }) } }),
      );
      return new Map(items.map((item) => [item.id, item]));
    },
    staleTime: STALE_MS,
    enabled: partnerId !== null,
  });
  return data ?? NONE;
}

/** What a person knows it by, and can type: its description, or where it leads. */
export function titleOf({ description, url, id }: Pick<Subscription, 'description' | 'url' | 'id'>): string {
  if (description !== null && description !== '') return visibleText(description);
  return url !== null && URL.canParse(url) ? new URL(url).host : id;
}

export function SubscriptionName({ id }: { readonly id: string }) {
  const known = useSubscriptions().get(id);
  if (known === undefined) return <Id value={id} short />;
  return (
    <Link to="/subscriptions/$subscriptionId" params={{ subscriptionId: id }}>
      {titleOf(known)}
    </Link>
  );
}
