-- Who ended a grant. Of those that ended before, the audit log knows.
ALTER TABLE "grants"
  ADD COLUMN "revoked_by" TEXT,
  ADD CONSTRAINT "grants_revoked_by_check" CHECK ("revoked_by" IN ('owner', 'reader'));
