-- The key of ed25519 is one for all companies: it signs no body that is a publisher's own words.
UPDATE "subscriptions" SET "format" = 'cloudevents-structured'
  WHERE "signature" = 'ed25519' AND "format" = 'cloudevents-binary';
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_signed_form_check"
  CHECK ("signature" <> 'ed25519' OR "format" <> 'cloudevents-binary');
