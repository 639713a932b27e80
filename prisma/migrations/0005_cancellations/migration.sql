-- Why what waits for a subscription is to be cancelled: set in the transaction that ends its grant, its topic or
-- itself, taken off once the deliveries are cancelled.
ALTER TABLE "subscriptions" ADD COLUMN "cancel_reason" TEXT;

-- Looked at twice a second.
CREATE INDEX "subscriptions_cancelling_idx" ON "subscriptions"("id") WHERE "cancel_reason" IS NOT NULL;

-- What a process that died had left waiting.
UPDATE "subscriptions" s SET "cancel_reason" = CASE
  WHEN t."deleted_at" IS NOT NULL THEN 'topic-deleted'
  WHEN s."deleted_at" IS NOT NULL THEN 'subscription-deleted'
  ELSE 'grant-revoked'
END
FROM "topics" t
WHERE t."id" = s."topic_id" AND (
  t."deleted_at" IS NOT NULL OR s."deleted_at" IS NOT NULL OR EXISTS (
    SELECT 1 FROM "grants" g
    WHERE g."topic_id" = s."topic_id" AND g."partner_id" = s."partner_id" AND g."revoked_at" IS NOT NULL));
