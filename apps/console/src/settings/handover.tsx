import { Id } from '../ui/id.tsx';

type Props = { readonly kind: 'invitation' | 'reset'; readonly token: string; readonly lead: string };

/** A link to hand over. Its token is behind the #, which browsers send to no server. */
export function Handover({ kind, token, lead }: Props) {
  return (
    <div className="note" role="status">
      <p>{lead}</p>
      <Id value={`${location.origin}/console/#${kind}=${token}`} />
    </div>
  );
}
