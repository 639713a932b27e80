-- What the broker itself notes about a grant with an end date.
ALTER TABLE "grants" ADD COLUMN "expired_at" TIMESTAMPTZ(3), ADD COLUMN "noticed_days" INTEGER;

-- Looked at every second: only grants whose end is still to come or has not been noted yet.
CREATE INDEX "grants_ending_idx" ON "grants"("expires_at")
  WHERE "expires_at" IS NOT NULL AND "expired_at" IS NULL AND "revoked_at" IS NULL;
