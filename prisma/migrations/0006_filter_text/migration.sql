-- A filter is kept as it was written: jsonb would change the spelling of its numbers, and whoever parses it their digits.
ALTER TABLE "grants" ALTER COLUMN "filter" TYPE TEXT USING nullif("filter"::text, 'null');
ALTER TABLE "subscriptions" ALTER COLUMN "filter" TYPE TEXT USING nullif("filter"::text, 'null');
