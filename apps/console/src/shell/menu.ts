import type { Role } from '@anika/core/access';
import type { MessageId } from '../messages/catalogue.ts';
import type { IconName } from '../ui/icons.tsx';

export type MenuItem = {
  readonly to: string;
  readonly text: MessageId;
  readonly icon: IconName;
  readonly roles: readonly Role[];
  /** After `g`, on a Latin keyboard: the page's own, for every language. */
  readonly letter?: string;
};
export type MenuGroup = { readonly text: MessageId; readonly items: readonly MenuItem[] };

const MEMBERS: readonly Role[] = ['admin', 'developer', 'viewer'];
const BUILDERS: readonly Role[] = ['admin', 'developer'];
const ADMIN: readonly Role[] = ['admin'];
const OPERATOR: readonly Role[] = ['operator'];

/** By thing, not by part played: a company usually publishes and reads. */
export const MENU: readonly MenuGroup[] = [
  {
    text: 'menu.work',
    items: [
      { to: '/', text: 'menu.overview', icon: 'overview', roles: MEMBERS, letter: 'o' },
      { to: '/', text: 'menu.installation', icon: 'overview', roles: OPERATOR, letter: 'o' },
      { to: '/partners', text: 'menu.partners', icon: 'partners', roles: OPERATOR, letter: 'c' },
      { to: '/notices', text: 'menu.notices', icon: 'notice', roles: MEMBERS, letter: 'n' },
      { to: '/topics', text: 'menu.topics', icon: 'topic', roles: MEMBERS, letter: 't' },
      { to: '/access', text: 'menu.access', icon: 'access', roles: MEMBERS, letter: 'a' },
      { to: '/catalogue', text: 'menu.catalogue', icon: 'catalogue', roles: MEMBERS, letter: 'c' },
      { to: '/subscriptions', text: 'menu.subscriptions', icon: 'subscription', roles: MEMBERS, letter: 's' },
    ],
  },
  {
    text: 'menu.traffic',
    items: [
      { to: '/messages', text: 'menu.messages', icon: 'message', roles: MEMBERS, letter: 'm' },
      { to: '/deliveries', text: 'menu.deliveries', icon: 'delivery', roles: MEMBERS, letter: 'd' },
      { to: '/dead-letters', text: 'menu.deadLetters', icon: 'dead', roles: MEMBERS, letter: 'x' },
      { to: '/live', text: 'menu.live', icon: 'tail', roles: MEMBERS, letter: 'l' },
    ],
  },
  {
    text: 'menu.records',
    items: [
      { to: '/receipts', text: 'menu.receipts', icon: 'receipt', roles: MEMBERS, letter: 'r' },
      { to: '/erasures', text: 'menu.erasures', icon: 'erase', roles: ADMIN, letter: 'f' },
      { to: '/audit', text: 'menu.audit', icon: 'audit', roles: [...ADMIN, ...OPERATOR], letter: 'j' },
    ],
  },
  {
    text: 'menu.setup',
    items: [
      { to: '/developers', text: 'menu.developers', icon: 'developers', roles: MEMBERS, letter: 'e' },
      {
        to: '/settings',
        text: 'menu.settings',
        icon: 'settings',
        roles: [...MEMBERS, ...OPERATOR],
        letter: 'p',
      },
    ],
  },
];

const ALL: readonly Role[] = [...MEMBERS, ...OPERATOR];

/**
 * Pages that are in no menu, and are no use to a role that the API refuses all that they are for; those of one thing,
 * `$`, are for the roles of their list where nothing else is said.
 */
const BESIDE: readonly Pick<MenuItem, 'to' | 'roles'>[] = [
  { to: '/topics/new', roles: BUILDERS },
  { to: '/subscriptions/new', roles: BUILDERS },
  { to: '/replays', roles: MEMBERS },
  { to: '/deliveries/$', roles: ALL },
  { to: '/messages/$', roles: ALL },
];

/** Whether a page is for a role: a link may have come from a colleague with another one. */
export function isPageOf(role: Role, path: string): boolean {
  const list = `/${path.split('/')[1]}`;
  const roles = rolesAt(path) ?? rolesAt(`${list}/$`) ?? rolesAt(list);
  return roles === undefined || roles.includes(role);
}

function rolesAt(path: string): readonly Role[] | undefined {
  const pages = [...MENU.flatMap(({ items }) => items), ...BESIDE].filter(({ to }) => to === path);
  return pages.length === 0 ? undefined : pages.flatMap(({ roles }) => roles);
}

/** The menu of a role, without groups that have nothing for it. */
export function menuOf(role: Role): readonly MenuGroup[] {
  return MENU.map(({ text, items }) => ({
    text,
    items: items.filter(({ roles }) => roles.includes(role)),
  })).filter(({ items }) => items.length > 0);
}
