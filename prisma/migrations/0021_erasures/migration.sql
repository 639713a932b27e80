-- Messages of a company that are to lose their contents: those of one person, or of a topic that was deleted. What is
-- looked for is sealed while it is looked for, and then kept as a keyed hash alone.
CREATE TABLE "erasures" (
  "id" TEXT NOT NULL,
  "partner_id" TEXT NOT NULL,
  "topic_id" TEXT,
  "kind" TEXT NOT NULL,
  "criterion" TEXT,
  "criterion_hash" TEXT,
  "reason" TEXT NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'running',
  "matched" INTEGER NOT NULL DEFAULT 0,
  "erased" INTEGER NOT NULL DEFAULT 0,
  "proof_hash" TEXT,
  -- How far it has come: everything up to this message of this topic, and all topics before it.
  "at_topic" TEXT,
  "at_time" TIMESTAMPTZ(3),
  "at_message" TEXT,
  "created_by" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "finished_at" TIMESTAMPTZ(3),
  "lease" TEXT,
  "lease_until" TIMESTAMPTZ(3),
  "worked_at" TIMESTAMPTZ(3),
  CONSTRAINT "erasures_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "erasures_kind_check" CHECK ("kind" IN ('key', 'path', 'topic')),
  CONSTRAINT "erasures_state_check" CHECK ("state" IN ('running', 'done')),
  CONSTRAINT "erasures_criterion_check" CHECK ("state" = 'running' OR "criterion" IS NULL)
);
CREATE INDEX "erasures_partner_id_id_idx" ON "erasures"("partner_id", "id");
-- Looked at twice a second.
CREATE INDEX "erasures_running_idx" ON "erasures"("worked_at") WHERE "state" = 'running';
ALTER TABLE "erasures" ADD CONSTRAINT "erasures_partner_id_fkey"
  FOREIGN KEY ("partner_id") REFERENCES "partners"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Topics that were deleted before: their messages go as those of a topic that is deleted now.
INSERT INTO "erasures" ("id", "partner_id", "topic_id", "kind", "reason", "created_at")
SELECT 'era_' || substr("id", 5), "partner_id", "id", 'topic', 'The topic was deleted', "deleted_at"
FROM "topics" WHERE "deleted_at" IS NOT NULL;
