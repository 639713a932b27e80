import { ApiProblem, NO_ANSWER } from '../../src/api/api.ts';
import { Problem } from '../../src/ui/problem.tsx';
import { nothing, problemOf } from '../facts.ts';

export const ToTryAgain = () => (
  <Problem problem={problemOf('unavailable', { status: 503 })} onRetry={nothing} />
);
export const ForGood = () => <Problem problem={problemOf('forbidden', { status: 403 })} onRetry={nothing} />;
export const Unknown = () => <Problem problem={problemOf('of-another-version', { status: 418 })} />;
export const NoAnswer = () => (
  <Problem problem={new ApiProblem(NO_ANSWER, { status: 0 })} onRetry={nothing} />
);
