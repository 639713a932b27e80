import type { LimitKind } from '@anika/core/company-limits';
import { useText } from '../i18n/use-text.ts';
import { useMeta } from './use-meta.ts';

/** How many of a kind the company may have, once that is known. */
export function LimitHint({ kind }: { readonly kind: LimitKind }) {
  const text = useText();
  const { data } = useMeta();
  if (data === undefined) return null;
  return <p className="field-hint">{text(`limits.hint.${kind}`, { count: data.limits.company[kind] })}</p>;
}
