import type { PartnerId, TopicId } from '@anika/core/ids';

/** A block of words as it is stored: which messages it is of is said by topic and time. */
export type WordBlockDocument = {
  topicId: TopicId;
  type: string;
  audience?: PartnerId[];
  from: Date;
  to: Date;
  words: string[];
};
