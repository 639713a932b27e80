-- Grows whenever what a session was opened with is not good any more: another password or role, a suspension.
ALTER TABLE "users" ADD COLUMN "credentials_version" INTEGER NOT NULL DEFAULT 1;

-- What one login opened: access tokens and refresh tokens (family_id) name it and end with it.
CREATE TABLE "sessions" (
  "id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "credentials_version" INTEGER NOT NULL,
  "remote_address" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "last_used_at" TIMESTAMPTZ(3) NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "ended_at" TIMESTAMPTZ(3),
  CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "sessions_user_id_created_at_idx" ON "sessions"("user_id", "created_at");
CREATE INDEX "sessions_expires_at_idx" ON "sessions"("expires_at");
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey"
  FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The second use of a refresh token within seconds, from where the first one came, gets the first one's answer.
ALTER TABLE "refresh_tokens" ADD COLUMN "used_from" TEXT, ADD COLUMN "successor_salt" TEXT;

-- The families there are go on as sessions, 90 days at most.
UPDATE "refresh_tokens" SET "family_id" = 'ses_' || md5("family_id") WHERE "family_id" NOT LIKE 'ses\_%';
INSERT INTO "sessions" ("id", "user_id", "credentials_version", "created_at", "last_used_at", "expires_at")
SELECT "family_id", "user_id", 1, min("created_at"), max("created_at"),
       least(max("expires_at"), min("created_at") + interval '90 days')
FROM "refresh_tokens"
GROUP BY "family_id", "user_id"
HAVING bool_and("revoked_at" IS NULL);
