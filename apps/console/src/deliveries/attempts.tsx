import type { attempt } from '@anika/contracts/deliveries';
import { useIntl } from 'react-intl';
import type { z } from 'zod';
import { useDuration } from '../i18n/use-duration.ts';
import { textFor, useText } from '../i18n/use-text.ts';
import { Badge } from '../ui/badge.tsx';
import { Id } from '../ui/id.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import { Visible } from '../ui/visible.tsx';
import { hasArrived, moreOfError } from './attempt-result.ts';
import { type Numbered, numbered } from './numbered.ts';

type Attempt = z.output<typeof attempt>;

/** What whoever may see an attempt is shown of it. */
export function useAttemptColumns(): readonly Column<
  Numbered<ResultProps['attempt'] & Pick<Attempt, 'n' | 'at' | 'durationMs'>>
>[] {
  const text = useText();
  const duration = useDuration();
  return [
    {
      id: 'n',
      head: text('delivery.attempt'),
      cell: ({ place, anew }) => (
        <span>
          {place}
          {anew && <span className="under">{text('delivery.anew')}</span>}
        </span>
      ),
    },
    { id: 'at', head: text('delivery.at'), cell: ({ at }) => <Time at={at} to="millisecond" /> },
    { id: 'result', head: text('delivery.result'), cell: (one) => <AttemptResult attempt={one} /> },
    {
      id: 'duration',
      head: text('delivery.duration'),
      end: true,
      cell: ({ durationMs }) => duration(durationMs),
    },
  ];
}

/** Every request, from its first byte on, and what came of it. */
export function Attempts({ attempts }: { readonly attempts: readonly Attempt[] }) {
  const text = useText();
  const shown = useAttemptColumns();
  if (attempts.length === 0) return <p className="lead">{text('delivery.noAttempts')}</p>;
  return (
    <Table
      label={text('delivery.attempts')}
      rows={numbered(attempts)}
      rowKey={({ place }) => String(place)}
      columns={[
        ...shown,
        {
          id: 'answer',
          head: text('delivery.answer'),
          wide: true,
          cell: (one) => <Answer attempt={one} />,
        },
        {
          id: 'hash',
          head: text('delivery.hash'),
          cell: ({ bodySha256 }) => <Id value={bodySha256} short />,
        },
        {
          id: 'grant',
          head: text('grant.version'),
          end: true,
          cell: ({ grantVersion }) => (grantVersion === null ? '–' : `v${grantVersion}`),
        },
      ]}
    />
  );
}

type ResultProps = { readonly attempt: Pick<Attempt, 'status'> & { readonly errorClass: string | null } };

export function AttemptResult({ attempt }: ResultProps) {
  const intl = useIntl();
  const { status, errorClass } = attempt;
  const good = hasArrived(attempt);
  const failed = errorClass ?? 'done';
  const word = status === null ? (textFor(intl, `attempt.${failed}`) ?? failed) : String(status);
  return <Badge tone={good ? 'good' : 'bad'} icon={good ? 'disc' : 'cross'} word={word} />;
}

function Answer({ attempt }: { readonly attempt: Attempt }) {
  const { response, address, phases } = attempt;
  const error = moreOfError(attempt);
  return (
    <div className="stack-tight">
      {response != null && response !== '' && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <code className="answer" tabIndex={0}>
          <Visible text={response} />
        </code>
      )}
      {error !== undefined && (
        <span lang="en">
          <Visible text={error} />
        </span>
      )}
      {response == null && error === undefined && '–'}
      {phases != null && <Phases phases={phases} />}
      {address != null && (
        <span className="under">
          <code>{address}</code>
        </span>
      )}
    </div>
  );
}

const PHASES = ['dns', 'connect', 'tls', 'firstByte', 'body'] as const;

/** How long each part of the request took; a part that did not take place is left out. */
function Phases({ phases }: { readonly phases: Readonly<Record<(typeof PHASES)[number], number | null>> }) {
  const text = useText();
  const duration = useDuration();
  const taken = PHASES.flatMap((name) => {
    const ms = phases[name];
    return ms === null ? [] : [`${text(`attempt.phase.${name}`)} ${duration(ms)}`];
  });
  return <span className="under">{taken.join(' · ')}</span>;
}
