-- Paths of masks are spelled as those of filters are: `data.<name>`, or exactly `key`, which can be hidden now.
-- The column has another name, so that a program of before, which would read a path for another one, fails instead.
ALTER TABLE "grants" RENAME COLUMN "fields" TO "mask";

-- What was shown stays shown: `key` was. What was meant to be hidden under `exclude` is hidden: `data.x`, `$.x` and
-- `key` named members of these names inside `data`, and hid nothing of what they were probably written for.
UPDATE "grants" SET "mask" = CASE
  WHEN jsonb_exists("mask", 'include') THEN jsonb_build_object('include', (
    SELECT coalesce(jsonb_agg('data.' || path ORDER BY n), '[]'::jsonb) || '["key"]'::jsonb
    FROM jsonb_array_elements_text("mask" -> 'include') WITH ORDINALITY AS paths(path, n)))
  ELSE jsonb_build_object('exclude', (
    SELECT coalesce(jsonb_agg(spelled ORDER BY n, spelled), '[]'::jsonb)
    FROM jsonb_array_elements_text("mask" -> 'exclude') WITH ORDINALITY AS paths(path, n),
      LATERAL (
        SELECT 'data.' || path AS spelled
        UNION SELECT path WHERE path = 'key' OR path LIKE 'data.%'
        UNION SELECT 'data.' || regexp_replace(path, '^\$\.(data\.)?', '') WHERE path LIKE '$.%'
      ) AS each))
END
WHERE "mask" IS NOT NULL AND jsonb_typeof("mask") = 'object';
