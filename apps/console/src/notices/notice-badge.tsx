import type { NoticeType } from '@anika/core/notice/notice';
import { useText } from '../i18n/use-text.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import type { IconName } from '../ui/icons.tsx';

type Look = { readonly tone: Tone; readonly icon: IconName };

const ASKED: Look = { tone: 'busy', icon: 'ring' };
const GOOD: Look = { tone: 'good', icon: 'disc' };
const WAIT: Look = { tone: 'wait', icon: 'warning' };
const BAD: Look = { tone: 'bad', icon: 'cross' };
const OFF: Look = { tone: 'off', icon: 'slash' };
const PLAIN: Look = { tone: 'plain', icon: 'square' };

const LOOKS: Readonly<Record<NoticeType, Look>> = {
  'anika.access-request.made': ASKED,
  'anika.access-request.approved': GOOD,
  'anika.access-request.refused': BAD,
  'anika.access-request.withdrawn': OFF,
  'anika.grant.given': GOOD,
  'anika.grant.changed': PLAIN,
  'anika.grant.ending': WAIT,
  'anika.grant.ended': OFF,
  'anika.grant.revoked': OFF,
  'anika.grant.declined': OFF,
  'anika.subscription.failing': WAIT,
  'anika.subscription.disabled': BAD,
  'anika.delivery.dead': BAD,
  'anika.key.made': PLAIN,
  'anika.key.revoked': OFF,
  'anika.secret.read': WAIT,
  'anika.account.reopened': WAIT,
  'anika.message.recalled': OFF,
};

/** What kind of notice it is: a word, and whether somebody has to do something. */
export function NoticeBadge({ type }: { readonly type: NoticeType }) {
  const text = useText();
  return <Badge {...LOOKS[type]} word={text(`notice.type.${type}`)} />;
}
