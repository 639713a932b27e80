-- How an endpoint gets its events: ANIKA's own form, or CloudEvents 1.0.
ALTER TABLE "subscriptions"
  ADD COLUMN "format" TEXT NOT NULL DEFAULT 'anika',
  ADD CONSTRAINT "subscriptions_format_check"
    CHECK ("format" IN ('anika', 'cloudevents-structured', 'cloudevents-binary'));
