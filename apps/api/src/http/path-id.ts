import { notFound } from '@anika/core/failures';
import { type IdPrefix, type IdWith, isId } from '@anika/core/ids';

const NOUNS: Readonly<Record<IdPrefix, string>> = {
  par: 'partner',
  usr: 'user',
  top: 'topic',
  grt: 'grant',
  sub: 'subscription',
  msg: 'message',
  dlv: 'delivery',
  key: 'API key',
  req: 'access request',
  ses: 'session',
  inv: 'invitation',
  rpl: 'replay',
  era: 'erasure',
};

/** An id from the path. One of another form names nothing, which is the same to the caller as one not theirs. */
export function pathId<P extends IdPrefix>(prefix: P, text: string): IdWith<P> {
  if (!isId(prefix, text)) throw notFound(NOUNS[prefix]);
  return text;
}

/** The value, or the failure that there is none. */
export function existing<T>(value: T | undefined, prefix: IdPrefix): T {
  if (value === undefined) throw notFound(NOUNS[prefix]);
  return value;
}
