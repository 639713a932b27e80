import { useIntl } from 'react-intl';
import type { ApiProblem } from '../api/api.ts';
import { textFor, useText } from '../i18n/use-text.ts';
import { Button } from './button.tsx';
import { Icon } from './icons.tsx';
import { Id } from './id.tsx';
import { Visible } from './visible.tsx';

type Props = { readonly problem: ApiProblem; readonly onRetry?: () => void };

/** What went wrong, in the reader's language by its code, and what to do; the API's own words below. */
export function Problem({ problem, onRetry }: Props) {
  const intl = useIntl();
  const text = useText();
  const { code, problem: document } = problem;
  const title = textFor(intl, `error.${code}`) ?? document?.title ?? text('error.internal');
  const advice = textFor(intl, `advice.${code}`);
  return (
    <div className="problem" role="alert">
      <Icon name="warning" />
      <div>
        <p className="problem-title">{title}</p>
        {advice !== undefined && <p>{advice}</p>}
        {document !== undefined && (
          <p className="problem-detail" lang="en">
            <Visible text={document.detail} />
          </p>
        )}
        {document !== undefined && (
          <p className="problem-id">
            {text('ui.requestId')} <Id value={document.requestId} />
          </p>
        )}
        {onRetry !== undefined && problem.retryable && (
          <Button icon="refresh" onPress={onRetry}>
            {text('ui.retry')}
          </Button>
        )}
      </div>
    </div>
  );
}
