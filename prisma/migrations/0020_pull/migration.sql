-- How a subscription gets its messages: sent to its address, or fetched. One that pulls has no address, and the column
-- stays without NULL: programs of the version before read it.
ALTER TABLE "subscriptions"
  ADD COLUMN "delivery" TEXT NOT NULL DEFAULT 'webhook',
  ADD CONSTRAINT "subscriptions_delivery_check" CHECK ("delivery" IN ('webhook', 'pull')),
  ADD CONSTRAINT "subscriptions_address_check" CHECK (("delivery" = 'pull') = ("url" = ''));
