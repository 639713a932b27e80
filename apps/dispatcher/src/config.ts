import { ALL_SETTINGS, type DispatcherSetting } from '@anika/broker/setting-names';
import { type SharedSetting, sharedSettings } from '@anika/broker/shared-settings';
import { TIMING } from '@anika/core/delivery/timing';
import { ROLL_UP_EVERY_MS } from '@anika/core/stats/roll-up-times';
import { parseConfig, wholeNumber } from '@anika/runtime/config';
import { z } from 'zod';

/** Settings of the dispatcher program. */
export const dispatcherSettings = z.object({
  ...sharedSettings,
  ANIKA_DISPATCHER_PORT: wholeNumber({ min: 0, max: 65_535 })
    .default(8081)
    .describe('Port of /healthz, /readyz and /metrics'),
  ANIKA_CONCURRENCY: wholeNumber({ min: 1, max: 4096 })
    .default(512)
    .describe(
      'Deliveries this process makes at once; one company may have a quarter of them while most are in use, and fewer while this process has more to do than it can',
    ),
  ANIKA_SWEEP_SECONDS: wholeNumber({ min: 1, max: 3600 })
    .default(TIMING.sweepEveryMs / 1000)
    .describe('How often unfinished work that lost its job is looked for'),
  ANIKA_STATS_SECONDS: wholeNumber({ min: 1, max: 3600 })
    .default(ROLL_UP_EVERY_MS / 1000)
    .describe('How often the figures of `/v1/stats` are counted, by one dispatcher of all'),
  ANIKA_SHUTDOWN_SECONDS: wholeNumber({ min: 1, max: 300 })
    .default(20)
    .describe('How long deliveries under way may take when the process is asked to stop'),
} satisfies Record<SharedSetting | DispatcherSetting, z.ZodType>);

export type DispatcherConfig = z.output<typeof dispatcherSettings>;

/** Reads the settings of this process; throws ConfigError naming all that is wrong. */
export function readConfig(environment: NodeJS.ProcessEnv): DispatcherConfig {
  return parseConfig(dispatcherSettings, environment, ALL_SETTINGS);
}
