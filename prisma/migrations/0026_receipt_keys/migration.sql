-- The keys that sign receipts: the private half sealed, and destroyed when the key is retired; the public half stays, so
-- that what it signed can be verified for ever. A table of their own: they must never be taken for keys of access tokens.
CREATE TABLE "receipt_keys" (
  "kid" TEXT NOT NULL,
  "private_key" TEXT,
  "public_jwk" JSONB NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "retired_at" TIMESTAMPTZ(3),
  CONSTRAINT "receipt_keys_pkey" PRIMARY KEY ("kid"),
  CONSTRAINT "receipt_keys_private_until_retired" CHECK (("private_key" IS NULL) = ("retired_at" IS NOT NULL))
);
CREATE UNIQUE INDEX "receipt_keys_one_present" ON "receipt_keys" (("retired_at" IS NULL)) WHERE "retired_at" IS NULL;
