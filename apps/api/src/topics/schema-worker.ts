import { parentPort } from 'node:worker_threads';
import { parseExact } from '@anika/core/exact-json';
import { serveTasks } from '@anika/runtime/worker-tasks';
import { LRUCache } from 'lru-cache';
import { checkOf, misfits, type SchemaTask, STEPS_ELSEWHERE } from './json-schema.ts';
import { type Check, OutOfSteps } from './schema-run.ts';

const checks = new LRUCache<string, Check>({ max: 50 });

function checkFor(schema: string): Check {
  const known = checks.get(schema) ?? checkOf(schema);
  checks.set(schema, known);
  return known;
}

serveTasks(parentPort, ({ schema, dataText }: SchemaTask) => {
  try {
    return { errors: misfits(checkFor(schema), parseExact(dataText), STEPS_ELSEWHERE) };
  } catch (error) {
    if (error instanceof OutOfSteps) return 'too-long' as const;
    throw error;
  }
});
