import { Failure, type FieldError } from '@anika/core/failures';
import { TaskEndedError, type WorkerPool } from '@anika/runtime/worker-pool';
import type { CheckElsewhere, SchemaTask } from './json-schema.ts';

export type SchemaAnswer = { readonly errors: readonly FieldError[] } | 'too-long';

/** Checks in a pool of threads; who is late is told so, and nobody else waits. */
export function createCheckElsewhere({
  run,
}: Pick<WorkerPool<SchemaTask, SchemaAnswer>, 'run'>): CheckElsewhere {
  return async (task, company) => {
    const answer = await run(task, company).catch((error: unknown) => {
      if (error instanceof TaskEndedError) return 'too-long' as const;
      throw error;
    });
    if (answer !== 'too-long') return answer.errors;
    const detail =
      "Checking the data against the topic's schema takes too long: simplify the schema, or send less data";
    throw new Failure('schema-mismatch', detail, {
      errors: [{ path: 'data', message: 'takes too long to check' }],
    });
  };
}
