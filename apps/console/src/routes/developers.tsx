import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session-context.ts';
import { Verifier } from '../subscriptions/verifier.tsx';
import { Id } from '../ui/id.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Properties } from '../ui/properties.tsx';

function snippet(base: string): string {
  return `curl ${base}/v1/topics/TOPIC/messages \\
  -H "authorization: Bearer $ANIKA_KEY" \\
  -H "content-type: application/json" \\
  -H "idempotency-key: order-1001" \\
  -d '{"type":"car.selected","key":"customer-4711","data":{"model":"Лада Веста"}}'`;
}

/** What one needs beside the keyboard. */
export function DevelopersPage() {
  const text = useText();
  const { partnerId, userId } = useSession();
  const base = location.origin;
  return (
    <Page title={text('menu.developers')} lead={text('developers.lead')}>
      <Properties
        items={[
          { name: text('developers.base'), value: <Id value={base} /> },
          partnerId === null
            ? undefined
            : { name: text('developers.company'), value: <Id value={partnerId} /> },
          { name: text('developers.user'), value: <Id value={userId} /> },
          {
            name: text('developers.reference'),
            value: (
              <a href="/docs" target="_blank" rel="noreferrer">
                /docs
              </a>
            ),
          },
          {
            name: text('developers.openapi'),
            value: (
              <a href="/openapi.json" target="_blank" rel="noreferrer">
                /openapi.json
              </a>
            ),
          },
          {
            name: text('developers.keys'),
            value: (
              <a href="/.well-known/anika-webhook-keys.json" target="_blank" rel="noreferrer">
                /.well-known/anika-webhook-keys.json
              </a>
            ),
          },
        ]}
      />
      <Section title={text('developers.publish')} lead={text('developers.publishLead')}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre tabIndex={0}>{snippet(base)}</pre>
      </Section>
      <Verifier />
    </Page>
  );
}
