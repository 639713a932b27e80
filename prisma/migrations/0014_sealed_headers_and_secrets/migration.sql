-- Earlier signing secrets of a subscription, each with the end it was promised: [{"sealed": …, "until": …}], newest
-- first. The one in previous_secret counts as well, and moves here with the next rotation: dispatchers of the version
-- before read it there until they are replaced.
ALTER TABLE "subscriptions" ADD COLUMN "previous_secrets" JSONB NOT NULL DEFAULT '[]';

-- Values of custom headers are sealed as they are written, {"<name>": {"sealed": …}}. SQL cannot seal: values from
-- before stay as they are, and are used, until the command `reseal`.

ALTER TABLE "subscriptions"
  ADD CONSTRAINT "subscriptions_state_check" CHECK ("state" IN ('pending', 'active', 'paused', 'disabled')),
  ADD CONSTRAINT "subscriptions_previous_secrets_check" CHECK (jsonb_typeof("previous_secrets") = 'array'),
  ADD CONSTRAINT "subscriptions_headers_check" CHECK ("headers" IS NULL OR jsonb_typeof("headers") = 'object');
