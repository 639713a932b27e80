import * as audit from './audit.ts';
import * as auth from './auth.ts';
import * as deliveries from './deliveries.ts';
import * as erasures from './erasures.ts';
import * as explain from './explain.ts';
import * as grants from './grants.ts';
import * as invitations from './invitations.ts';
import * as messages from './messages.ts';
import * as meta from './meta.ts';
import * as notices from './notices.ts';
import * as ops from './ops.ts';
import * as partners from './partners.ts';
import * as publish from './publish.ts';
import * as pulls from './pulls.ts';
import * as receipts from './receipts.ts';
import * as replays from './replays.ts';
import type { RouteContract } from './route.ts';
import * as signing from './signing.ts';
import * as stats from './stats.ts';
import * as stream from './stream.ts';
import * as subscriptionActs from './subscription-acts.ts';
import * as subscriptions from './subscriptions.ts';
import * as topicDeliveries from './topic-deliveries.ts';
import * as topics from './topics.ts';
import * as totp from './totp.ts';

function isRoute(value: unknown): value is RouteContract {
  return typeof value === 'object' && value !== null && 'path' in value && 'success' in value;
}

/** Every route of the API, in the order of the documentation. */
export const ALL_ROUTES: readonly RouteContract[] = [
  auth,
  totp,
  partners,
  invitations,
  topics,
  grants,
  subscriptions,
  subscriptionActs,
  signing,
  pulls,
  publish,
  messages,
  deliveries,
  topicDeliveries,
  receipts,
  notices,
  replays,
  stream,
  stats,
  explain,
  erasures,
  audit,
  meta,
  ops,
].flatMap((file) => Object.values<unknown>(file).filter(isRoute));
