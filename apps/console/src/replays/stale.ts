import { getReplay, listReplays } from '@anika/contracts/replays';
import { OF_DELIVERIES } from '../deliveries/stale.ts';

/** What is another answer when a replay is started, paused, resumed or stopped; it starts deliveries. */
export const OF_REPLAYS = [listReplays, getReplay, ...OF_DELIVERIES];
