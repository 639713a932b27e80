import { useText } from '../i18n/use-text.ts';
import { Time } from './time.tsx';

/** When something ends, or that it does not. */
export function Until({ at }: { readonly at: string | null }) {
  const text = useText();
  return at === null ? text('grant.unlimited') : <Time at={at} />;
}
