import type { Grant } from '@anika/core/access';
import { said } from '@anika/core/field-rules';
import type { TopicId } from '@anika/core/ids';
import type { Topic } from '@anika/core/topic';
import { createTurn } from '@anika/runtime/turn';
import { ownerLens } from '../messages/readable-messages.ts';
import { lookForPaths, type MaskWarning, maskWarning } from './mask-warnings.ts';
import type { NewestMessages } from './newest-messages.ts';

export type WarnNeeds = {
  readonly findTopic: (id: TopicId) => Promise<Topic | undefined>;
  readonly newest: NewestMessages;
  /** The grant is given all the same. */
  readonly failed: (error: unknown) => void;
};

export type WarnOfPaths = (grant: Grant) => Promise<MaskWarning[]>;

/** Which paths of a grant that was just given lead nowhere, as far as can be told. */
export function createWarnOfPaths({ findTopic, newest, failed }: WarnNeeds): WarnOfPaths {
  return async ({ topicId, fields }) => {
    if (fields === undefined) return [];
    try {
      const topic = await findTopic(topicId);
      const look = lookForPaths(fields, topic?.schema);
      const lens = ownerLens();
      const turn = createTurn();
      let considered = 0;
      if (!look.isDone()) {
        for await (const message of newest(topicId, undefined)) {
          considered += 1;
          look.look((await lens.see(message, turn))?.data);
          if (look.isDone()) break;
        }
      }
      return look.warnings(considered);
    } catch (error) {
      failed(error);
      const paths = 'include' in fields ? fields.include : fields.exclude;
      return paths.map((path) => maskWarning(path, said('path-not-looked-for')));
    }
  };
}
