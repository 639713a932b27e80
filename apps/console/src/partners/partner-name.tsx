import { partnerDirectory } from '@anika/contracts/partners';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.ts';
import { everyPage } from '../api/every-page.ts';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session-context.ts';
import { Id } from '../ui/id.tsx';
import { Visible } from '../ui/visible.tsx';

const STALE_MS = 60_000;
const NONE: ReadonlyMap<string, string> = new Map();

/** The names of all companies, by id. */
export function usePartners(): ReadonlyMap<string, string> {
  const api = useApi();
  const { data } = useQuery({
    queryKey: [partnerDirectory.id, 'names'],
    queryFn: async () => {
      const items = await everyPage((cursor) =>
        api.ask(partnerDirectory, { query: { limit: 200, ...(cursor !== undefined && { cursor }) } }),
      );
      return new Map(items.map(({ id, name }) => [id, name]));
    },
    staleTime: STALE_MS,
  });
  return data ?? NONE;
}

export function PartnerName({ id }: { readonly id: string }) {
  const text = useText();
  const { partnerId } = useSession();
  const name = usePartners().get(id);
  if (name === undefined) return <Id value={id} short />;
  return (
    <span title={id}>
      <Visible text={name} />
      {id === partnerId && <span className="own"> · {text('partner.own')}</span>}
    </span>
  );
}
