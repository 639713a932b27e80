-- The keys that sign requests to endpoints whose subscription asks for ed25519: sealed, at most the present one and
-- the one before it. A table of their own: programs of the version before would take them for keys of access tokens.
CREATE TABLE "webhook_keys" (
  "kid" TEXT NOT NULL,
  "private_key" TEXT NOT NULL,
  "public_jwk" JSONB NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "retired_at" TIMESTAMPTZ(3),
  CONSTRAINT "webhook_keys_pkey" PRIMARY KEY ("kid")
);
CREATE UNIQUE INDEX "webhook_keys_one_present" ON "webhook_keys" (("retired_at" IS NULL)) WHERE "retired_at" IS NULL;

ALTER TABLE "subscriptions"
  ADD COLUMN "signature" TEXT NOT NULL DEFAULT 'hmac',
  ADD CONSTRAINT "subscriptions_signature_check" CHECK ("signature" IN ('hmac', 'ed25519'));
