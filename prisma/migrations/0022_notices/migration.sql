-- A company's notices are messages of a topic that nobody sees but itself. Its name takes none from the company.
ALTER TABLE "topics" ADD COLUMN "system" BOOLEAN NOT NULL DEFAULT false;
DROP INDEX "topics_owner_name_key";
CREATE UNIQUE INDEX "topics_owner_name_key" ON "topics" ("partner_id", "name")
  WHERE "deleted_at" IS NULL AND NOT "system";

-- How far the audit log has been told. What was there before this is told to nobody.
CREATE TABLE "notice_cursors" (
  "name" TEXT NOT NULL,
  "seq" BIGINT NOT NULL,
  CONSTRAINT "notice_cursors_pkey" PRIMARY KEY ("name")
);
INSERT INTO "notice_cursors" ("name", "seq")
  SELECT 'audit', coalesce(max("seq"), 0) FROM "audit_entries";

-- What has been told of a subscription, and what is still to be.
CREATE TABLE "notice_marks" (
  "subscription_id" TEXT NOT NULL,
  "failing_noticed" TIMESTAMPTZ(3),
  "dead_since" TIMESTAMPTZ(3),
  "dead_noticed_at" TIMESTAMPTZ(3),
  CONSTRAINT "notice_marks_pkey" PRIMARY KEY ("subscription_id"),
  CONSTRAINT "notice_marks_subscription_id_fkey" FOREIGN KEY ("subscription_id")
    REFERENCES "subscriptions"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "notice_marks_dead_since_idx" ON "notice_marks" ("dead_since") WHERE "dead_since" IS NOT NULL;
CREATE INDEX "subscriptions_failing_since_idx" ON "subscriptions" ("failing_since")
  WHERE "failing_since" IS NOT NULL;

ALTER TABLE "users" ADD COLUMN "notice_settings" JSONB;

-- What is to be mailed to a user, and when.
CREATE TABLE "notice_mails" (
  "user_id" TEXT NOT NULL,
  "waiting" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
  "more" INTEGER NOT NULL DEFAULT 0,
  "due_at" TIMESTAMPTZ(3),
  "claimed_until" TIMESTAMPTZ(3),
  "tries" INTEGER NOT NULL DEFAULT 0,
  "sent_at" TIMESTAMPTZ(3),
  CONSTRAINT "notice_mails_pkey" PRIMARY KEY ("user_id"),
  CONSTRAINT "notice_mails_user_id_fkey" FOREIGN KEY ("user_id")
    REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "notice_mails_due_at_idx" ON "notice_mails" ("due_at") WHERE "due_at" IS NOT NULL;

-- Who has read a secret lately: it is in the audit log once in a while, not each time.
CREATE TABLE "secret_reads" (
  "subscription_id" TEXT NOT NULL,
  "actor_id" TEXT NOT NULL,
  "read_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "secret_reads_pkey" PRIMARY KEY ("subscription_id", "actor_id"),
  CONSTRAINT "secret_reads_subscription_id_fkey" FOREIGN KEY ("subscription_id")
    REFERENCES "subscriptions"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
