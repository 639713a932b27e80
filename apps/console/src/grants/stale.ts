import { listAccessRequests, listMyGrants, listTopicGrants } from '@anika/contracts/grants';
import { listTopicDeliveries } from '@anika/contracts/topic-deliveries';
import { catalog, listTopics } from '@anika/contracts/topics';
import { OF_DELIVERIES } from '../deliveries/stale.ts';

/** What is another answer when a grant is given, changed or ended. */
export const OF_GRANTS = [listTopicGrants, listMyGrants, listAccessRequests, catalog, listTopics];

/**
 * And when deliveries end with it, or start again: both companies see them. Their receipt is no part of this: the dialog
 * that has just shown it would count it once more, which is a search over months, and every page of one asks anew.
 */
export const OF_GRANTS_AND_DELIVERIES = [...OF_GRANTS, ...OF_DELIVERIES, listTopicDeliveries];
