import { z } from 'zod';

const readinessSchema = z.object({ stores: z.record(z.string(), z.enum(['ok', 'missing'])) });

/** What the api says of its stores; `away`: it says nothing. */
export type Readiness =
  | { readonly kind: 'answers'; readonly missing: readonly string[] }
  | { readonly kind: 'away' };

/** Whoever stands in front of an api that is away answers in another form. */
export function readinessOf(body: unknown): Readiness {
  const parsed = readinessSchema.safeParse(body);
  if (!parsed.success) return { kind: 'away' };
  const missing = Object.entries(parsed.data.stores).filter(([, state]) => state !== 'ok');
  return { kind: 'answers', missing: missing.map(([name]) => name) };
}

export async function askReadiness(signal: AbortSignal): Promise<Readiness> {
  try {
    const response = await fetch('/readyz', { cache: 'no-store', signal });
    return readinessOf(await response.json());
  } catch (error) {
    if (signal.aborted) throw error;
    return { kind: 'away' };
  }
}
