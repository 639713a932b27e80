-- What is drawn once for an installation. The secret is made, sealed, by the first program that needs it.
CREATE TABLE "installation" (
    "id" INTEGER NOT NULL,
    "secret" TEXT,
    "former_message_ids_until" TIMESTAMPTZ(3),

    CONSTRAINT "installation_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "installation_one_row" CHECK ("id" = 1)
);

-- Messages with an Idempotency-Key had an id that was made without a secret: for thirty days a repeated key is looked
-- for under that too. An installation without topics has no such message.
INSERT INTO "installation" ("id", "former_message_ids_until")
SELECT 1, CASE WHEN EXISTS (SELECT 1 FROM "topics") THEN now() + INTERVAL '30 days' END;
