-- Messages of a time for a subscription again. A dispatcher takes the one that is due longest for a moment (lease_*),
-- starts some deliveries and writes how far it has come.
CREATE TABLE "replays" (
  "id" TEXT NOT NULL,
  "subscription_id" TEXT NOT NULL,
  "partner_id" TEXT NOT NULL,
  "topic_id" TEXT NOT NULL,
  "from_at" TIMESTAMPTZ(3) NOT NULL,
  "to_at" TIMESTAMPTZ(3) NOT NULL,
  "types" TEXT[],
  "filter" TEXT,
  "only" TEXT NOT NULL,
  "per_second" INTEGER NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'running',
  "reason" TEXT,
  "position_at" TIMESTAMPTZ(3),
  "position_id" TEXT,
  "is_read" BOOLEAN NOT NULL DEFAULT false,
  "matched" INTEGER NOT NULL DEFAULT 0,
  "settled" JSONB,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "ended_at" TIMESTAMPTZ(3),
  "due_at" TIMESTAMPTZ(3) NOT NULL,
  "leased_by" TEXT,
  "leased_until" TIMESTAMPTZ(3),
  CONSTRAINT "replays_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "replays_only_check" CHECK ("only" IN ('missing', 'all')),
  CONSTRAINT "replays_state_check" CHECK ("state" IN ('running', 'paused', 'done', 'stopped')),
  CONSTRAINT "replays_reason_check" CHECK (("reason" IS NOT NULL) = ("state" IN ('paused', 'stopped')))
);
-- One at a time for a subscription: a second would start the same deliveries.
CREATE UNIQUE INDEX "replays_one_open_key" ON "replays"("subscription_id") WHERE "state" IN ('running', 'paused');
CREATE INDEX "replays_partner_id_id_idx" ON "replays"("partner_id", "id");
CREATE INDEX "replays_subscription_id_id_idx" ON "replays"("subscription_id", "id");
-- Looked at some times a second.
CREATE INDEX "replays_due_idx" ON "replays"("due_at") WHERE "settled" IS NULL;
ALTER TABLE "replays" ADD CONSTRAINT "replays_subscription_id_fkey"
  FOREIGN KEY ("subscription_id") REFERENCES "subscriptions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- From when on a subscription that is not active yet will be sent what was published before.
ALTER TABLE "subscriptions" ADD COLUMN "start_from" TIMESTAMPTZ(3);
