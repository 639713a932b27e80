import type { SubscriptionId } from '@anika/core/ids';
import type { Postgres } from './client.ts';

/** A delivery of a subscription that has died, and when. */
export type Death = { readonly id: SubscriptionId; readonly sinceMs: number };

export type DeadMarkStore = ReturnType<typeof createDeadMarkStore>;

export function createDeadMarkStore({ db }: Postgres) {
  return {
    /**
     * That deliveries have died is still to be told. Of those of a topic of notices it is not: each notice would make
     * another.
     */
    async note(deaths: readonly Death[]): Promise<void> {
      const oldest = new Map<SubscriptionId, number>();
      for (const { id, sinceMs } of deaths) oldest.set(id, Math.min(sinceMs, oldest.get(id) ?? sinceMs));
      const ids = [...oldest.keys()].sort();
      const since = ids.map((id) => new Date(oldest.get(id) ?? 0).toISOString());
      await db.$executeRaw`
        INSERT INTO notice_marks AS m (subscription_id, dead_since)
        SELECT s.id, given.since::timestamptz
        FROM unnest(${ids}::text[], ${since}::text[]) AS given(id, since)
          JOIN subscriptions s ON s.id = given.id
          JOIN topics t ON t.id = s.topic_id AND NOT t.system
        ON CONFLICT (subscription_id) DO UPDATE SET dead_since = LEAST(m.dead_since, excluded.dead_since)
        WHERE m.dead_since IS NULL OR m.dead_since > excluded.dead_since`;
    },
  };
}
