import { getSecret, rotateSecret } from '@anika/contracts/signing';
import { useEffect, useState } from 'react';
import { apiCall } from '../api/snippets.ts';
import { useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import { Id } from '../ui/id.tsx';
import { Section } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Properties } from '../ui/properties.tsx';
import { Select } from '../ui/text-field.tsx';
import { Time } from '../ui/time.tsx';
import { WideAction } from '../ui/wide-action.tsx';
import type { Subscription } from './subscription-name.tsx';

const SHOWN_SECONDS = 30;
const GRACES = ['0', '3600', '86400', '604800'] as const;
type Grace = (typeof GRACES)[number];

/** Asked for when it is to be seen, and forgotten half a minute later: it is in no cache and no storage. */
export function Secrets({ subscription: { id } }: { readonly subscription: Subscription }) {
  const text = useText();
  const read = useWrite(getSecret, []);
  const rotate = useWrite(rotateSecret, []);
  const [grace, setGrace] = useState<Grace>('86400');
  const left = useCountdown(read.data, read.reset);
  const rotation = { params: { id }, body: { graceSeconds: Number(grace) } };
  return (
    <div className="columns">
      <Section title={text('secret.title')} lead={text('secret.lead')}>
        {read.error !== null && <Problem problem={read.error} />}
        {read.data === undefined ? (
          <div>
            <Button busy={read.busy} onPress={() => void read.run({ params: { id } })}>
              {text('secret.show')}
            </Button>
          </div>
        ) : (
          <>
            <Properties
              items={[
                { name: text('secret.present'), value: <Id value={read.data.secret} /> },
                ...read.data.previousSecrets.map(({ secret, until }) => ({
                  name: text('secret.earlier'),
                  value: (
                    <span>
                      <Id value={secret} /> {text('secret.until')} <Time at={until} />
                    </span>
                  ),
                })),
              ]}
            />
            <p className="field-hint">{text('secret.hides', { seconds: left })}</p>
          </>
        )}
      </Section>
      <Section title={text('secret.rotate')} lead={text('secret.rotateLead')}>
        <Select
          name="grace"
          label={text('secret.grace')}
          value={grace}
          onChange={setGrace}
          options={GRACES.map((value) => ({ value, label: text(`secret.grace.${value}`) }))}
        />
        <div>
          <WideAction
            label={text('secret.rotate')}
            title={text('secret.rotateTitle')}
            effect={<p>{text(grace === '0' ? 'secret.rotateNow' : 'secret.rotateEffect')}</p>}
            danger={grace === '0'}
            call={apiCall(rotateSecret, rotation)}
            busy={rotate.busy}
            problem={rotate.error}
            run={async () => {
              const done = await rotate.run(rotation);
              if (done !== undefined) await read.run({ params: { id } });
              return done;
            }}
          />
        </div>
      </Section>
    </div>
  );
}

/** Seconds until what is shown is taken away. */
function useCountdown(shown: unknown, hide: () => void): number {
  const [left, setLeft] = useState(SHOWN_SECONDS);
  useEffect(() => {
    if (shown === undefined) return;
    setLeft(SHOWN_SECONDS);
    const timer = setInterval(() => setLeft((seconds) => seconds - 1), 1000);
    return () => clearInterval(timer);
  }, [shown]);
  useEffect(() => {
    if (left <= 0) hide();
  }, [left, hide]);
  return Math.max(left, 0);
}
