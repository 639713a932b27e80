import { previewGrant } from '@anika/contracts/grants';
import { writeExact } from '@anika/core/exact-json';
import { elementTexts, memberText } from '@anika/core/json-text';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useIntl } from 'react-intl';
import type { z } from 'zod';
import type { Answered, ApiProblem } from '../api/api.ts';
import { useApi } from '../api/api-context.ts';
import { ruleWords } from '../api/field-words.ts';
import { useText } from '../i18n/use-text.ts';
import { JsonText } from '../ui/json.tsx';
import { Section } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Visible } from '../ui/visible.tsx';
import { Waiting } from '../ui/waiting.tsx';
import type { Terms } from './terms.ts';
import { bodyOf } from './terms-form.tsx';

const WAIT_MS = 400;

type Previewed = z.output<NonNullable<typeof previewGrant.success.schema>>;

/** A value that has not changed for a moment. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  const text = writeExact(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text says whether the value is another one
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

type Props = { readonly topicId: string; readonly partnerId: string; readonly terms: Terms };

/** What the terms would show, judged by the API over the newest messages; nothing is written. */
export function Preview({ topicId, partnerId, terms }: Props) {
  const text = useText();
  const api = useApi();
  const settled = useSettled(terms);
  const { data, error, refetch } = useQuery<Answered<Previewed>, ApiProblem>({
    queryKey: [previewGrant.id, topicId, partnerId, writeExact(settled)],
    queryFn: ({ signal }) =>
      api.ask(previewGrant, { params: { id: topicId, partnerId }, body: bodyOf(settled), signal }),
    placeholderData: (before) => before,
  });
  return (
    <Section title={text('preview.title')} lead={text('preview.lead')}>
      {error !== null && <Problem problem={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting />}
      {data !== undefined && error === null && <Effect {...data} />}
    </Section>
  );
}

/** The messages of the preview as they were written: of what is parsed, long numbers are others. */
function samplesIn(answer: string) {
  return elementTexts(memberText(answer, 'samples') ?? '[]').map((sample) => ({
    messageId: memberText(sample, 'messageId'),
    before: memberText(sample, 'before') ?? 'null',
    after: memberText(sample, 'after') ?? 'null',
  }));
}

function Effect({ data, text: answer }: Answered<Previewed>) {
  const { considered, matching, warnings } = data;
  const text = useText();
  return (
    <>
      <p className="note" role="status">
        {considered === 0 ? text('preview.noMessages') : text('preview.count', { considered, matching })}
      </p>
      {warnings.length > 0 && (
        <div className="note note-wait">
          <p>{text('preview.warnings')}</p>
          <ul className="bullets">
            {warnings.map((warning) => (
              <li key={warning.path}>
                <code>
                  <Visible text={warning.path} />
                </code>{' '}
                — <Reason of={warning} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {samplesIn(answer).map(({ messageId, before, after }) => (
        <div key={messageId} className="before-after">
          <div>
            <h3>{text('preview.before')}</h3>
            <JsonText text={before} label={text('preview.before')} />
          </div>
          <div>
            <h3>{text('preview.after')}</h3>
            <JsonText text={after} label={text('preview.after')} />
          </div>
        </div>
      ))}
    </>
  );
}

function Reason({ of }: { readonly of: Previewed['warnings'][number] }) {
  const intl = useIntl();
  const words = ruleWords(of, intl);
  if (words !== undefined) return words;
  return (
    <span lang="en">
      <Visible text={of.reason} />
    </span>
  );
}
