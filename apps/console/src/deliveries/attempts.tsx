import type { attempt } from '@anika/contracts/messages';
import { useIntl } from 'react-intl';
import type { z } from 'zod';
import { useDuration } from '../i18n/use-duration.ts';
import { textFor, useText } from '../i18n/use-text.ts';
import { Badge } from '../ui/badge.tsx';
import { Table } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';

type Attempt = z.output<typeof attempt>;

/** Every request, from its first byte on, and what came of it. */
export function Attempts({ attempts }: { readonly attempts: readonly Attempt[] }) {
  const text = useText();
  const duration = useDuration();
  if (attempts.length === 0) return <p className="lead">{text('delivery.noAttempts')}</p>;
  return (
    <Table
      label={text('delivery.attempts')}
      rows={attempts}
      rowKey={({ n }) => String(n)}
      columns={[
        { id: 'n', head: text('delivery.attempt'), cell: ({ n }) => n },
        { id: 'at', head: text('delivery.at'), cell: ({ at }) => <Time at={at} seconds /> },
        { id: 'result', head: text('delivery.result'), cell: (one) => <Result attempt={one} /> },
        {
          id: 'duration',
          head: text('delivery.duration'),
          end: true,
          cell: ({ durationMs }) => duration(durationMs),
        },
        {
          id: 'answer',
          head: text('delivery.answer'),
          wide: true,
          cell: (one) => <Answer attempt={one} />,
        },
      ]}
    />
  );
}

function Result({ attempt: { status, errorClass } }: { readonly attempt: Attempt }) {
  const intl = useIntl();
  const good = status !== null && status >= 200 && status < 300;
  const word =
    status === null ? (textFor(intl, `attempt.${errorClass}`) ?? errorClass ?? '–') : String(status);
  return <Badge tone={good ? 'good' : 'bad'} icon={good ? 'disc' : 'cross'} word={word} />;
}

function Answer({ attempt: { error, response } }: { readonly attempt: Attempt }) {
  if (response !== null && response !== '') return <code className="answer">{response}</code>;
  return error === null ? '–' : <span lang="en">{error}</span>;
}
