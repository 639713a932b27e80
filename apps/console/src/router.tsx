import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  lazyRouteComponent,
  retainSearchParams,
} from '@tanstack/react-router';
import { z } from 'zod';
import { standing } from './figures/range.ts';
import { isZone } from './i18n/preferences.tsx';
import { standingMonth } from './receipts/month.ts';
import { NotFoundPage } from './routes/not-found.tsx';
import type { Stand } from './shell/link-of-view.ts';
import { Shell } from './shell/shell.tsx';
import { Crash } from './ui/crash.tsx';
import { Waiting } from './ui/waiting.tsx';

/** What stands in the address is text, and whatever is no use is left out. */
const word = z.string().max(8192).optional().catch(undefined);
const search = <S extends z.ZodRawShape>(shape: S) => {
  const schema = z.object(shape);
  return (given: Record<string, unknown>): z.output<typeof schema> => schema.parse(given);
};

/** Of pages with charts: their time, and whether it is shown as tables. */
const ranged = { range: word, from: word, to: word, as: word };

/** Wherever one goes, the zone of the view comes along. */
const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFoundPage,
  validateSearch: search({ zone: z.string().refine(isZone).optional().catch(undefined) }),
  search: { middlewares: [retainSearchParams(['zone'])] },
});
const under = () => root;

const page = {
  overview: createRoute({
    getParentRoute: under,
    path: '/',
    staticData: { stand: standing },
    validateSearch: search({ ...ranged, of: word }),
    component: lazyRouteComponent(() => import('./routes/overview.tsx'), 'OverviewPage'),
  }),
  notices: createRoute({
    getParentRoute: under,
    path: '/notices',
    validateSearch: search({ type: word, from: word, to: word }),
    component: lazyRouteComponent(() => import('./routes/notices.tsx'), 'NoticesPage'),
  }),
  topics: createRoute({
    getParentRoute: under,
    path: '/topics',
    component: lazyRouteComponent(() => import('./routes/topics.tsx'), 'TopicsPage'),
  }),
  newTopic: createRoute({
    getParentRoute: under,
    path: '/topics/new',
    component: lazyRouteComponent(() => import('./routes/new-topic.tsx'), 'NewTopicPage'),
  }),
  topic: createRoute({
    getParentRoute: under,
    path: '/topics/$topicId',
    staticData: { stand: standing },
    validateSearch: search({ ...ranged, tab: word }),
    component: lazyRouteComponent(() => import('./routes/topic.tsx'), 'TopicPage'),
  }),
  access: createRoute({
    getParentRoute: under,
    path: '/access',
    validateSearch: search({ tab: word, partner: word }),
    component: lazyRouteComponent(() => import('./routes/access.tsx'), 'AccessPage'),
  }),
  grant: createRoute({
    getParentRoute: under,
    path: '/access/$topicId/$partnerId',
    staticData: { stand: standing },
    validateSearch: search({ ...ranged, request: word }),
    component: lazyRouteComponent(() => import('./routes/grant.tsx'), 'GrantPage'),
  }),
  catalogue: createRoute({
    getParentRoute: under,
    path: '/catalogue',
    validateSearch: search({ q: word }),
    component: lazyRouteComponent(() => import('./routes/catalogue.tsx'), 'CataloguePage'),
  }),
  subscriptions: createRoute({
    getParentRoute: under,
    path: '/subscriptions',
    validateSearch: search({ topic: word }),
    component: lazyRouteComponent(() => import('./routes/subscriptions.tsx'), 'SubscriptionsPage'),
  }),
  newSubscription: createRoute({
    getParentRoute: under,
    path: '/subscriptions/new',
    validateSearch: search({ topic: word }),
    component: lazyRouteComponent(() => import('./routes/new-subscription.tsx'), 'NewSubscriptionPage'),
  }),
  subscription: createRoute({
    getParentRoute: under,
    path: '/subscriptions/$subscriptionId',
    staticData: { stand: standing },
    validateSearch: search({ ...ranged, tab: word }),
    component: lazyRouteComponent(() => import('./routes/subscription.tsx'), 'SubscriptionPage'),
  }),
  replay: createRoute({
    getParentRoute: under,
    path: '/replays/$replayId',
    component: lazyRouteComponent(() => import('./routes/replay.tsx'), 'ReplayPage'),
  }),
  messages: createRoute({
    getParentRoute: under,
    path: '/messages',
    validateSearch: search({
      q: word,
      topic: word,
      type: word,
      key: word,
      where: word,
      state: word,
      from: word,
      to: word,
    }),
    component: lazyRouteComponent(() => import('./routes/messages.tsx'), 'MessagesPage'),
  }),
  message: createRoute({
    getParentRoute: under,
    path: '/messages/$messageId',
    validateSearch: search({ tab: word, reader: word }),
    component: lazyRouteComponent(() => import('./routes/message.tsx'), 'MessagePage'),
  }),
  deliveries: createRoute({
    getParentRoute: under,
    path: '/deliveries',
    validateSearch: search({ state: word, topic: word, subscription: word, from: word, to: word }),
    component: lazyRouteComponent(() => import('./routes/deliveries.tsx'), 'DeliveriesPage'),
  }),
  delivery: createRoute({
    getParentRoute: under,
    path: '/deliveries/$deliveryId',
    component: lazyRouteComponent(() => import('./routes/delivery.tsx'), 'DeliveryPage'),
  }),
  deadLetters: createRoute({
    getParentRoute: under,
    path: '/dead-letters',
    component: lazyRouteComponent(() => import('./routes/dead-letters.tsx'), 'DeadLettersPage'),
  }),
  live: createRoute({
    getParentRoute: under,
    path: '/live',
    validateSearch: search({ topic: word, kind: word }),
    component: lazyRouteComponent(() => import('./routes/live.tsx'), 'LivePage'),
  }),
  erasures: createRoute({
    getParentRoute: under,
    path: '/erasures',
    component: lazyRouteComponent(() => import('./routes/erasures.tsx'), 'ErasuresPage'),
  }),
  erasure: createRoute({
    getParentRoute: under,
    path: '/erasures/$erasureId',
    component: lazyRouteComponent(() => import('./routes/erasure.tsx'), 'ErasurePage'),
  }),
  receipts: createRoute({
    getParentRoute: under,
    path: '/receipts',
    staticData: { stand: standingMonth },
    validateSearch: search({ topic: word, partner: word, month: word }),
    component: lazyRouteComponent(() => import('./routes/receipts.tsx'), 'ReceiptsPage'),
  }),
  audit: createRoute({
    getParentRoute: under,
    path: '/audit',
    validateSearch: search({ action: word, topic: word, from: word, to: word }),
    component: lazyRouteComponent(() => import('./routes/audit.tsx'), 'AuditPage'),
  }),
  developers: createRoute({
    getParentRoute: under,
    path: '/developers',
    component: lazyRouteComponent(() => import('./routes/developers.tsx'), 'DevelopersPage'),
  }),
  settings: createRoute({
    getParentRoute: under,
    path: '/settings',
    validateSearch: search({ tab: word, user: word }),
    component: lazyRouteComponent(() => import('./routes/settings.tsx'), 'SettingsPage'),
  }),
  partners: createRoute({
    getParentRoute: under,
    path: '/partners',
    component: lazyRouteComponent(() => import('./routes/partners.tsx'), 'PartnersPage'),
  }),
};

const routeTree = root.addChildren(page);

export function createAppRouter() {
  return createRouter({
    routeTree,
    basepath: '/console',
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch,
    defaultPreload: 'intent',
    defaultPendingComponent: Waiting,
    defaultErrorComponent: ({ error }: ErrorComponentProps) => <Crash error={error} />,
    scrollRestoration: true,
    // Another thing is another page: nothing of what was being written about the one is there for the other.
    defaultRemountDeps: ({ params }) => params,
  });
}

function stringifySearch(values: Record<string, unknown>): string {
  const given = Object.entries(values).filter(([, value]) => typeof value === 'string' && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** Of views that go along with the clock: for links that are copied. */
    readonly stand?: Stand;
  }
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
