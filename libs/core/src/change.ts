/** Something that caches hold has changed; every process forgets its copy. */
export type Change = {
  readonly kind: 'topic' | 'subscription' | 'partner' | 'user' | 'session' | 'key';
  readonly id: string;
};
