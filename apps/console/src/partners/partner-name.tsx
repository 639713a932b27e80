import { partnerDirectory } from '@anika/contracts/partners';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useApi } from '../api/api-context.ts';
import { everyPage } from '../api/every-page.ts';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session-context.ts';
import { Id } from '../ui/id.tsx';
import { Visible } from '../ui/visible.tsx';

const STALE_MS = 60_000;
/** So old may it be when a company is not in it, which may have come since. */
const LACKING_MS = 5000;
const NONE: ReadonlyMap<string, string> = new Map();

function useDirectory() {
  const api = useApi();
  return useQuery({
    queryKey: [partnerDirectory.id, 'names'],
    queryFn: async () => {
      const items = await everyPage((cursor) =>
        api.ask(partnerDirectory, { query: { limit: 200, ...(cursor !== undefined && { cursor }) } }),
      );
      return new Map(items.map(({ id, name }) => [id, name]));
    },
    staleTime: STALE_MS,
  });
}

/** The names of all companies, by id. */
export function usePartners(): ReadonlyMap<string, string> {
  return useDirectory().data ?? NONE;
}

export function PartnerName({ id }: { readonly id: string }) {
  const text = useText();
  const { partnerId } = useSession();
  const { data, dataUpdatedAt, refetch } = useDirectory();
  const name = data?.get(id);
  const isLacking = data !== undefined && name === undefined;
  useEffect(() => {
    if (isLacking && Date.now() - dataUpdatedAt > LACKING_MS) void refetch();
  }, [isLacking, dataUpdatedAt, refetch]);
  if (name === undefined) return <Id value={id} short />;
  return (
    <span title={id}>
      <Visible text={name} />
      {id === partnerId && <span className="own"> · {text('partner.own')}</span>}
    </span>
  );
}
