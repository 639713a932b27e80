import type { Problem } from '@anika/contracts/common';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../i18n/use-text.ts';
import { Badge } from '../ui/badge.tsx';
import { Id } from '../ui/id.tsx';
import { Page } from '../ui/page.tsx';
import { Properties } from '../ui/properties.tsx';
import { Time } from '../ui/time.tsx';

type Props = {
  readonly messageId: string;
  readonly recalled: NonNullable<Problem['recalled']>;
  /** What became of it, which stays. */
  readonly children: ReactNode;
};

/** What is left of a message that was taken back. */
export function Tombstone({ messageId, recalled: { at, reason, dataSha256 }, children }: Props) {
  const text = useText();
  return (
    <Page
      title={text('recall.title')}
      above={<Link to="/messages">{text('menu.messages')}</Link>}
      beside={<Badge tone="off" icon="slash" word={text('recall.state')} />}
    >
      <p className="note" role="status">
        {text('recall.left')}
      </p>
      <Properties
        items={[
          { name: text('recall.at'), value: <Time at={at} to="millisecond" /> },
          { name: text('recall.why'), value: reason },
          dataSha256 === undefined
            ? undefined
            : { name: text('recall.hash'), value: <Id value={dataSha256} /> },
          { name: text('ui.id'), value: <Id value={messageId} /> },
        ]}
      />
      {children}
    </Page>
  );
}
