import { sharedSettings } from './shared-settings.ts';

/**
 * The names of all settings, so that each program knows those of the other, which may stand in one environment, from
 * a misspelt one. That they are complete is seen to by the types in the two `config.ts`, and by
 * `tools/checks/configuration-page.test.ts`.
 */
export const API_SETTINGS = [
  'ANIKA_PORT',
  'ANIKA_MODULES',
  'ANIKA_PUBLIC_URL',
  'ANIKA_OPERATOR_EMAIL',
  'ANIKA_OPERATOR_PASSWORD',
  'ANIKA_MAX_MESSAGE_BYTES',
  'ANIKA_RATE_PUBLISH',
  'ANIKA_RATE_READ',
  'ANIKA_MAX_SEARCHES',
  'ANIKA_SEARCH_MS_PER_SECOND',
  'ANIKA_DEFER_ABOVE',
  'ANIKA_MAX_STREAMS',
  'ANIKA_MAX_POLLS',
  'ANIKA_MAX_SUBSCRIPTIONS',
  'ANIKA_RATE_MANAGE',
  'ANIKA_RATE_ANONYMOUS',
  'ANIKA_MAX_UNREAD_BYTES',
  'ANIKA_CHALLENGES_HOST',
  'ANIKA_CHALLENGES_PARTNER',
  'ANIKA_MAX_KEYS',
  'ANIKA_MAX_USERS',
  'ANIKA_MAX_TOPICS',
  'ANIKA_MAX_GRANTS',
  'ANIKA_MAX_COMPANY_SUBSCRIPTIONS',
  'ANIKA_EGRESS_ADDRESSES',
  'ANIKA_BOARD_WRITABLE',
  'ANIKA_TRUST_PROXY',
] as const;
export type ApiSetting = (typeof API_SETTINGS)[number];

export const DISPATCHER_SETTINGS = [
  'ANIKA_DISPATCHER_PORT',
  'ANIKA_CONCURRENCY',
  'ANIKA_SWEEP_SECONDS',
  'ANIKA_STATS_SECONDS',
  'ANIKA_SHUTDOWN_SECONDS',
] as const;
export type DispatcherSetting = (typeof DISPATCHER_SETTINGS)[number];

/** Read by the gateway, the launcher and the tests. */
const OTHERS = [
  'ANIKA_HOME',
  'ANIKA_RESOLVER',
  'ANIKA_GATEWAY_BIND',
  'ANIKA_GATEWAY_LISTEN',
  'ANIKA_GATEWAY_PORT',
  'ANIKA_GATEWAY_TRUSTS',
  'ANIKA_AUTH_SERVER',
  'ANIKA_TOPICS_SERVER',
  'ANIKA_MESSAGES_SERVER',
  'ANIKA_TEST_DATABASE_URL',
  'ANIKA_TEST_MONGODB_URL',
  'ANIKA_TEST_REDIS_URL',
] as const;

export const ALL_SETTINGS: readonly string[] = [
  ...Object.keys(sharedSettings),
  ...API_SETTINGS,
  ...DISPATCHER_SETTINGS,
  ...OTHERS,
];
