import { createHmac, hkdfSync } from 'node:crypto';
import { createErasureStore } from '@anika/stores/postgres/erasures';
import { createTopicStore } from '@anika/stores/postgres/topics';
import { erasureRoutes } from './erasures/erasures.routes.ts';
import { createErasures } from './erasures/erasures.ts';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { loadInstallationSecret } from './installation-secret.ts';
import { createRefuseTopic } from './topics/refuse-topic.ts';

const PURPOSE = 'anika erasures 1';

/** Erasures of the messages of one person. */
export function composeErasures(infrastructure: Infrastructure): BoundRoute[] {
  const { postgres, secretBox, counts, searchLimit, newId, clock } = infrastructure;
  const topics = createTopicStore(postgres);
  return erasureRoutes(
    createErasures({
      store: createErasureStore(postgres),
      count: counts.wantedByErasure,
      bounded: searchLimit.run,
      findTopic: topics.find,
      refuse: createRefuseTopic({ seenAs: topics.seenAs, clock }),
      seal: secretBox.seal,
      async hash(text) {
        const { secret } = await loadInstallationSecret(infrastructure);
        const key = Buffer.from(hkdfSync('sha256', secret, '', PURPOSE, 32));
        return createHmac('sha256', key).update(text).digest('hex');
      },
      newId,
      clock,
    }),
  );
}
