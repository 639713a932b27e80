import { useId, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { JsonText } from '../ui/json.tsx';
import { Section } from '../ui/page.tsx';
import { useVerdict, VerdictBadge } from './signed.tsx';

/** A receipt that somebody else has sent: is it one, and as it was signed? The file goes nowhere. */
export function CheckFile() {
  const t = useText();
  const id = useId();
  const [text, setText] = useState<string>();
  const verdict = useVerdict(text);
  return (
    <Section title={t('receipt.check')} lead={t('receipt.checkLead')}>
      <div className="field">
        <label htmlFor={id}>{t('receipt.file')}</label>
        <input
          id={id}
          type="file"
          accept="application/json,.json"
          onChange={({ currentTarget: { files } }) => void files?.[0]?.text().then(setText)}
        />
      </div>
      {verdict !== undefined && (
        <div role="status" className="stack">
          <p>
            <VerdictBadge verdict={verdict} />
          </p>
          {verdict.kind === 'genuine' && (
            <JsonText text={JSON.stringify(verdict.facts)} label={t('receipt.check')} />
          )}
        </div>
      )}
    </Section>
  );
}
