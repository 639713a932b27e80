import type { getDelivery } from '@anika/contracts/deliveries';
import type { z } from 'zod';
import { useText } from '../i18n/use-text.ts';
import { Badge } from '../ui/badge.tsx';
import { Id } from '../ui/id.tsx';
import { JsonText } from '../ui/json.tsx';
import { Section } from '../ui/page.tsx';
import { Properties } from '../ui/properties.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { type BodyCheck, useBodyCheck } from './body-check.ts';
import { numbered } from './numbered.ts';

type Delivery = z.output<NonNullable<typeof getDelivery.success.schema>>;
type Attempt = Delivery['attempts'][number];

/** What was sent, as far as it can be told from the record and what may be read now: of each body once. */
export function RequestBody({ delivery }: { readonly delivery: Delivery }) {
  const text = useText();
  const bodies = new Map(delivery.attempts.map((one) => [one.bodySha256, one]));
  if (bodies.size === 0) return null;
  return (
    <Section title={text('body.title')} lead={text('body.lead')}>
      {[...bodies.values()].map((attempt) => (
        <OneBody key={attempt.bodySha256} delivery={delivery} attempt={attempt} />
      ))}
    </Section>
  );
}

function OneBody({ delivery, attempt }: { readonly delivery: Delivery; readonly attempt: Attempt }) {
  const text = useText();
  const check = useBodyCheck(delivery, attempt);
  const numbers = numbered(delivery.attempts)
    .filter(({ bodySha256 }) => bodySha256 === attempt.bodySha256)
    .map(({ place }) => place);
  return (
    <div className="stack">
      <Properties
        items={[
          { name: text('delivery.attempts'), value: numbers.join(', ') },
          {
            name: text('delivery.hash'),
            value: (
              <span className="with-state">
                <Id value={attempt.bodySha256} short />
                {check !== undefined && <CheckBadge check={check} />}
              </span>
            ),
          },
          check?.kind === 'match'
            ? { name: text('body.format'), value: text(`subscription.format.${check.format}`) }
            : undefined,
        ]}
      />
      {check === undefined ? <Waiting /> : <Found check={check} />}
    </div>
  );
}

const LOOKS = {
  match: { tone: 'good', icon: 'check' },
  differs: { tone: 'bad', icon: 'cross' },
  unknown: { tone: 'off', icon: 'slash' },
} as const;

function CheckBadge({ check: { kind } }: { readonly check: BodyCheck }) {
  const text = useText();
  return <Badge {...LOOKS[kind]} word={text(`body.${kind}`)} />;
}

function Found({ check }: { readonly check: BodyCheck }) {
  const text = useText();
  if (check.kind !== 'match') {
    const why = check.kind === 'differs' ? 'differs' : check.why;
    return (
      <p className={check.kind === 'differs' ? 'note note-bad' : 'note'} role="status">
        {text(`body.why.${why}`)}
      </p>
    );
  }
  return (
    <>
      <p className="note note-good" role="status">
        {text('body.matches')}
      </p>
      <JsonText text={check.body} label={text('body.title')} copies="as-is" />
    </>
  );
}
