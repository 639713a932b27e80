/** Something that caches hold has changed; every process forgets its copy. */
export type Change = {
  readonly kind: 'topic' | 'subscription' | 'partner' | 'user' | 'key';
  readonly id: string;
};
