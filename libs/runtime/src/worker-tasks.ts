import type { MessagePort } from 'node:worker_threads';

/** What a worker says: first that it is ready, then one answer a task. */
export type WorkerAnswer<R> = { readonly ready: true } | { readonly result: R } | { readonly failed: string };

/** The worker's side of a pool (`worker-pool.ts`): does one task after the other. */
export function serveTasks<T, R>(port: MessagePort | null, work: (task: T) => R): void {
  const say = (answer: WorkerAnswer<R>) => port?.postMessage(answer);
  port?.on('message', (task: T) => {
    try {
      say({ result: work(task) });
    } catch (error) {
      say({ failed: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
    }
  });
  say({ ready: true });
}
