import { listAccessRequests, listMyGrants, listTopicGrants } from '@anika/contracts/grants';
import { catalog, listTopics } from '@anika/contracts/topics';

/** What is another answer when a grant is given, changed or ended. */
export const OF_GRANTS = [listTopicGrants, listMyGrants, listAccessRequests, catalog, listTopics];
