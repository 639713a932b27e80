import { listAudit } from '@anika/contracts/audit';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { useApi } from '../api/api-context.ts';
import { ASKED_ONCE } from '../api/asked-once.ts';
import { Id } from '../ui/id.tsx';
import { Visible } from '../ui/visible.tsx';

const named = z.object({ name: z.string() });

/** Entries of which each is about a topic and has the name it was given. */
const NAMING = ['topic.updated', 'topic.created'] as const;
/** Of one page. */
const NEWEST = 50;

/**
 * What the newest entries call topics, for all topics of a page at once. Where there are older changes than these, what
 * a topic was called when it was made says nothing.
 */
function useNewestNames() {
  const api = useApi();
  return useQuery({
    queryKey: [listAudit.id, 'topic names'],
    queryFn: async () => {
      const names = new Map<string, string>();
      for (const action of NAMING) {
        const { data: page } = await api.ask(listAudit, { query: { action, limit: NEWEST } });
        for (const { topicId, after } of page.items) {
          const topic = named.safeParse(after);
          if (topicId !== null && topic.success && !names.has(topicId)) names.set(topicId, topic.data.name);
        }
        if (page.nextCursor !== null) break;
      }
      return names;
    },
    ...ASKED_ONCE,
  });
}

/**
 * Operators have no list of topics: what one was last called, the log they read tells; its id until then. Looked up
 * once while the page is open, whether there was a name or not.
 */
export function LoggedTopicName({ id }: { readonly id: string }) {
  const api = useApi();
  const newest = useNewestNames();
  const known = newest.data?.get(id);
  const found = useQuery({
    queryKey: [listAudit.id, 'topic name', id],
    queryFn: async () => {
      for (const action of NAMING) {
        const { data } = await api.ask(listAudit, { query: { topicId: id, action, limit: 1 } });
        const topic = named.safeParse(data.items[0]?.after);
        if (topic.success) return topic.data.name;
      }
      return null;
    },
    // Also when the newest could not be read.
    enabled: newest.isFetched && known === undefined,
    ...ASKED_ONCE,
  });
  const name = known ?? found.data;
  if (name == null) return <Id value={id} short />;
  return (
    <span title={id}>
      <Visible text={name} />
    </span>
  );
}
