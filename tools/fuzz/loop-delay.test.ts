import { expect, it } from 'vitest';
import { figureIn } from './loop-delay.ts';

const TEXT = `# HELP nodejs_eventloop_lag_max_seconds The maximum recorded event loop delay.
# TYPE nodejs_eventloop_lag_max_seconds gauge
nodejs_eventloop_lag_max_seconds{app="api"} 0.073400319
# HELP nodejs_eventloop_lag_p99_seconds The 99th percentile of the recorded event loop delays.
nodejs_eventloop_lag_p99_seconds{app="api"} 0.0111
nodejs_eventloop_lag_p90_seconds 0.2
`;

it('figureIn() reads the delay in milliseconds, and says when there is none', () => {
  expect([figureIn(TEXT, 'p99'), figureIn(TEXT, 'max')]).toEqual([11, 73]);
  expect(figureIn('nodejs_eventloop_lag_p99_seconds 0.0521\n', 'p99')).toBe(52);
  expect(() => figureIn('nothing', 'p99')).toThrow('there is no nodejs_eventloop_lag_p99_seconds');
});
