import { writeExact } from '@anika/core/exact-json';
import { useId, useRef, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { JsonText } from '../ui/json.tsx';
import { Section } from '../ui/page.tsx';
import { Visible } from '../ui/visible.tsx';
import { useVerdict, VerdictBadge } from './signed.tsx';

/** `text` is undefined where it could not be read. */
type Chosen = { readonly name: string; readonly text: string | undefined };

/** The file that was chosen last, once it is read: its name stands beside no other one's text. */
function useChosenFile() {
  const [chosen, setChosen] = useState<Chosen>();
  const newest = useRef<File>(undefined);
  async function choose(file: File) {
    newest.current = file;
    setChosen(undefined);
    const text = await file.text().catch(() => undefined);
    if (newest.current === file) setChosen({ name: file.name, text });
  }
  return { chosen, choose };
}

/** A receipt that somebody else has sent: is it one, and as it was signed? The file goes nowhere. */
export function CheckFile() {
  const t = useText();
  const id = useId();
  const { chosen, choose } = useChosenFile();
  const verdict = useVerdict(chosen?.text);
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
            onChange={({ currentTarget: { files } }) => {
              const file = files?.[0];
              if (file !== undefined) void choose(file);
            }}
          />
          <label htmlFor={id} className="button">
            {t('ui.chooseFile')}
          </label>
          <span className="field-hint" aria-live="polite">
            {chosen === undefined ? t('ui.noFile') : <Visible text={chosen.name} />}
          </span>
        </div>
        {chosen !== undefined && chosen.text === undefined && (
          <p className="field-error" role="alert">
            {t('receipt.unreadable')}
          </p>
        )}
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
