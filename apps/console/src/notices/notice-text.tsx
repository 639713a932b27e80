import type { notice } from '@anika/contracts/notices';
import type { NoticeType } from '@anika/core/notice/notice';
import { Link } from '@tanstack/react-router';
import { useIntl } from 'react-intl';
import type { z } from 'zod';
import { textFor, useText } from '../i18n/use-text.ts';
import { useMay, useSession } from '../session/session-context.ts';
import { titleOf, useSubscriptions } from '../subscriptions/subscription-name.tsx';
import { momentText } from '../ui/time.tsx';
import { NoticeBadge } from './notice-badge.tsx';
import { type NoticeFacts, noticeFactsOf } from './notice-facts.ts';
import { noticeLinks } from './notice-links.ts';

export type Notice = z.output<typeof notice>;

/** What a notice says in the language of the page, and where that is looked at. */
export function NoticeText({ notice: { type, data } }: { readonly notice: Notice }) {
  const facts = noticeFactsOf(data);
  return (
    <div className="stack-tight">
      <span>
        <NoticeBadge type={type} />
      </span>
      <span>{useSentence(type, facts)}</span>
      <Why facts={facts} />
      <Links type={type} facts={facts} />
    </div>
  );
}

const UNKNOWN = '–';

function useSentence(type: NoticeType, facts: NoticeFacts): string {
  const intl = useIntl();
  const text = useText();
  const known = useSubscriptions().get(facts.subscriptionId ?? '');
  const when = (iso: string | undefined) => (iso === undefined ? UNKNOWN : momentText(intl, iso));
  return text(`notice.${type}`, {
    reader: facts.readerName ?? UNKNOWN,
    owner: facts.ownerName ?? UNKNOWN,
    topic: facts.topicName ?? UNKNOWN,
    subscription: known === undefined ? (facts.subscriptionId ?? UNKNOWN) : titleOf(known),
    name: facts.name ?? UNKNOWN,
    count: facts.count ?? 0,
    until: when(facts.expiresAt),
    since: when(facts.failingSince ?? facts.since),
    disabledAt: when(facts.disabledAt),
  });
}

/** What somebody gave as the purpose or the reason; what ANIKA gave in words where the catalogue has them. */
function Why({ facts: { purpose, reason } }: { readonly facts: NoticeFacts }) {
  const intl = useIntl();
  const text = useText();
  if (reason !== undefined) {
    const words = textFor(intl, `notice.reason.${reason}`) ?? text('notice.because', { reason });
    return <span className="under">{words}</span>;
  }
  if (purpose === undefined) return null;
  return <span className="under">{text('notice.purpose', { purpose })}</span>;
}

function Links({ type, facts }: { readonly type: NoticeType; readonly facts: NoticeFacts }) {
  const text = useText();
  const { partnerId } = useSession();
  const may = useMay();
  const links = noticeLinks(type, facts, { partnerId, isAdmin: may.administer });
  if (links.length === 0) return null;
  return (
    <span className="link-row">
      {links.map(({ label, to, search }) => (
        <Link key={label} to={to} search={search ?? {}}>
          {text(label)}
        </Link>
      ))}
    </span>
  );
}
