ALTER TABLE "users" ADD COLUMN "name" TEXT;

-- Nobody becomes a user, and no password is set for another, but by accepting one of these.
CREATE TABLE "invitations" (
  "id" TEXT NOT NULL,
  "partner_id" TEXT,
  "company_name" TEXT,
  "email" TEXT NOT NULL,
  "role" TEXT NOT NULL,
  "token_hash" TEXT NOT NULL,
  "by_operator" BOOLEAN NOT NULL,
  "created_by" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "accepted_at" TIMESTAMPTZ(3),
  "withdrawn_at" TIMESTAMPTZ(3),
  CONSTRAINT "invitations_pkey" PRIMARY KEY ("id"),
  -- Into a company that is there, or as the first admin of one that is not yet.
  CONSTRAINT "invitations_company_check" CHECK (("partner_id" IS NULL) <> ("company_name" IS NULL))
);
CREATE UNIQUE INDEX "invitations_token_hash_key" ON "invitations"("token_hash");
CREATE INDEX "invitations_partner_id_id_idx" ON "invitations"("partner_id", "id");
CREATE INDEX "invitations_expires_at_idx" ON "invitations"("expires_at");
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_partner_id_fkey"
  FOREIGN KEY ("partner_id") REFERENCES "partners"("id") ON DELETE CASCADE ON UPDATE CASCADE;
