-- As text: what reads JSON from a jsonb column makes doubles of its numbers.
ALTER TABLE "topics" ALTER COLUMN "schema" TYPE TEXT USING "schema"::text;
