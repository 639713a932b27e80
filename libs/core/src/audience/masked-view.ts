import { compileMask, type FieldMask, maskSubject } from '../field-mask.ts';
import type { FilterSubject } from '../filter.ts';

type View = (message: FilterSubject) => FilterSubject;

const asItIs: View = (message) => message;
const views = new WeakMap<FieldMask, View>();

/** A message as a mask shows it. Each is masked once, whatever the number of subscriptions under the grant. */
export function maskedView(mask: FieldMask | undefined): View {
  if (mask === undefined) return asItIs;
  const known = views.get(mask);
  if (known !== undefined) return known;
  const compiled = compileMask(mask);
  const masked = new WeakMap<FilterSubject, FilterSubject>();
  const view = (message: FilterSubject) => {
    const before = masked.get(message);
    if (before !== undefined) return before;
    const seen = maskSubject(compiled, message);
    masked.set(message, seen);
    return seen;
  };
  views.set(mask, view);
  return view;
}
