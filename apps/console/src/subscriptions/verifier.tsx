import { useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { Form } from '../ui/form.tsx';
import { Section } from '../ui/page.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { TextArea } from '../ui/text-field.tsx';
import { diagnose, type Finding } from './diagnose.ts';

const SNIPPET = `import { Webhook } from 'standardwebhooks';
// rawBody: the bytes as they came, before any JSON.parse
const event = new Webhook(secret).verify(rawBody, request.headers);`;

/** Says whether a request is ours, and if it is not taken for one, why; the secret stays on this page. */
export function Verifier() {
  const text = useText();
  const [secret, setSecret] = useState('');
  const [headers, setHeaders] = useState('');
  const [body, setBody] = useState('');
  const [findings, setFindings] = useState<readonly Finding[]>();
  async function check() {
    setFindings(await diagnose({ secret, headers, body, nowMs: Date.now() }));
  }
  return (
    <div className="columns">
      <Section title={text('verifier.title')} lead={text('verifier.lead')}>
        <Form onSubmit={() => void check()} submit={text('verifier.check')} busy={false} problem={null}>
          <PasswordField
            name="secret"
            which="none"
            label={text('verifier.secret')}
            hint={text('verifier.secretHint')}
            value={secret}
            onChange={setSecret}
          />
          <TextArea
            name="headers"
            label={text('verifier.headers')}
            placeholder={'webhook-id: msg_…\nwebhook-timestamp: 1795484271\nwebhook-signature: v1,…'}
            value={headers}
            onChange={setHeaders}
            rows={4}
            code
          />
          <TextArea name="body" label={text('verifier.body')} value={body} onChange={setBody} rows={6} code />
        </Form>
        {findings !== undefined && <Findings findings={findings} />}
      </Section>
      <Section title={text('verifier.how')} lead={text('verifier.howLead')}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre tabIndex={0}>{SNIPPET}</pre>
      </Section>
    </div>
  );
}

function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const text = useText();
  return (
    <div role="status" className="stack">
      {findings.map((finding) => (
        <p key={finding} className={finding === 'fits' ? 'note note-good' : 'note note-wait'}>
          {text(`finding.${finding}`)}
        </p>
      ))}
    </div>
  );
}
