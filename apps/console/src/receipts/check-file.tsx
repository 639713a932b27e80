import { writeExact } from '@anika/core/exact-json';
import { useId, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { JsonText } from '../ui/json.tsx';
import { Section } from '../ui/page.tsx';
import { Visible } from '../ui/visible.tsx';
import { useVerdict, VerdictBadge } from './signed.tsx';

/** A receipt that somebody else has sent: is it one, and as it was signed? The file goes nowhere. */
export function CheckFile() {
  const t = useText();
  const id = useId();
  const [text, setText] = useState<string>();
  const [name, setName] = useState<string>();
  const verdict = useVerdict(text);
  function choose(file: File | undefined) {
    if (file === undefined) return;
    setName(file.name);
    void file.text().then(setText);
  }
  return (
    <Section title={t('receipt.check')} lead={t('receipt.checkLead')}>
      <div className="field">
        <label htmlFor={id}>{t('receipt.file')}</label>
        {/* The browser's own button speaks the browser's language. */}
        <div className="file">
          <input
            id={id}
            type="file"
            className="visually-hidden"
            accept="application/json,.json"
            onChange={({ currentTarget: { files } }) => choose(files?.[0])}
          />
          <label htmlFor={id} className="button">
            {t('ui.chooseFile')}
          </label>
          <span className="field-hint" aria-live="polite">
            {name === undefined ? t('ui.noFile') : <Visible text={name} />}
          </span>
        </div>
      </div>
      {verdict !== undefined && (
        <div role="status" className="stack">
          <p>
            <VerdictBadge verdict={verdict} />
          </p>
          {verdict.kind === 'genuine' && (
            <JsonText text={writeExact(verdict.facts)} label={t('receipt.check')} />
          )}
        </div>
      )}
    </Section>
  );
}
