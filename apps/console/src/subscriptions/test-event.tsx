import { testSubscription } from '@anika/contracts/subscription-acts';
import { useWrite } from '../api/use-api.ts';
import { useDuration } from '../i18n/use-duration.ts';
import { useText } from '../i18n/use-text.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Properties } from '../ui/properties.tsx';
import { Visible } from '../ui/visible.tsx';
import type { Subscription } from './subscription-name.tsx';

/** One signed request now, and what the endpoint answered. */
export function TestEvent({ subscription }: { readonly subscription: Subscription }) {
  const text = useText();
  const duration = useDuration();
  const test = useWrite(testSubscription, []);
  const result = test.data;
  return (
    <Section title={text('test.title')} lead={text('test.lead')}>
      <div>
        <Button
          kind="primary"
          busy={test.busy}
          onPress={() => void test.run({ params: { id: subscription.id } })}
        >
          {text('test.send')}
        </Button>
      </div>
      {test.error !== null && <Problem problem={test.error} />}
      {result !== undefined && (
        <div role="status">
          <Properties
            items={[
              {
                name: text('test.result'),
                value: (
                  <Badge
                    tone={result.delivered ? 'good' : 'bad'}
                    icon={result.delivered ? 'disc' : 'cross'}
                    word={text(result.delivered ? 'test.delivered' : 'test.notDelivered')}
                  />
                ),
              },
              { name: text('delivery.status'), value: result.status ?? '–' },
              { name: text('delivery.duration'), value: duration(result.durationMs) },
              result.error === null
                ? undefined
                : {
                    name: text('test.error'),
                    value: (
                      <span lang="en">
                        <Visible text={result.error} />
                      </span>
                    ),
                  },
              result.response === null || result.response === ''
                ? undefined
                : {
                    name: text('delivery.answer'),
                    value: (
                      <code>
                        <Visible text={result.response} />
                      </code>
                    ),
                  },
            ]}
          />
        </div>
      )}
    </Section>
  );
}
