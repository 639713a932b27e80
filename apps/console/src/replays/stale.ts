import { getReplay, listReplays } from '@anika/contracts/replays';

/** What is another answer when a replay is started, paused, resumed or stopped. */
export const OF_REPLAYS = [listReplays, getReplay];
