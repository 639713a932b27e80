import { listAudit } from '@anika/contracts/audit';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { useApi } from '../api/api-context.ts';
import { ASKED_ONCE } from '../api/asked-once.ts';
import { Id } from '../ui/id.tsx';
import { Visible } from '../ui/visible.tsx';

const named = z.object({ name: z.string() });

/**
 * Operators have no list of topics: what one was last called, the log they read tells; its id until then. Looked up
 * once while the page is open, whether there was a name or not.
 */
export function LoggedTopicName({ id }: { readonly id: string }) {
  const api = useApi();
  const found = useQuery({
    queryKey: [listAudit.id, 'topic name', id],
    queryFn: async () => {
      for (const action of ['topic.updated', 'topic.created']) {
        const { data } = await api.ask(listAudit, { query: { topicId: id, action, limit: 1 } });
        const topic = named.safeParse(data.items[0]?.after);
        if (topic.success) return topic.data.name;
      }
      return null;
    },
    ...ASKED_ONCE,
  });
  const name = found.data;
  if (name == null) return <Id value={id} short />;
  return (
    <span title={id}>
      <Visible text={name} />
    </span>
  );
}
