import { availableParallelism } from 'node:os';
import { createWorkerPool, type WorkerPool } from '@anika/runtime/worker-pool';
import type { SchemaAnswer } from './check-elsewhere.ts';
import type { SchemaTask } from './json-schema.ts';

/** Checks of data that take longer than is good for everybody else. */
const POOL = {
  // One processor stays for everything else.
  size: Math.min(2, Math.max(1, availableParallelism() - 1)),
  taskMs: 500,
  maxWaiting: 50,
  maxMemoryMb: 128,
};

/** In the bundle the worker's program lies beside the whole one. */
const WORKER = import.meta.url.endsWith('.ts') ? './schema-worker.ts' : './schema-worker.js';

export function openSchemaPool(): WorkerPool<SchemaTask, SchemaAnswer> {
  return createWorkerPool({ file: new URL(WORKER, import.meta.url), ...POOL });
}
