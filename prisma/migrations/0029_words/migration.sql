-- What the schema says of these columns, and the programs have always kept to.
ALTER TABLE "partners"
  ADD CONSTRAINT "partners_status_check" CHECK ("status" IN ('active', 'suspended'));
ALTER TABLE "users"
  ADD CONSTRAINT "users_role_check" CHECK ("role" IN ('operator', 'admin', 'developer', 'viewer'));
ALTER TABLE "topics"
  ADD CONSTRAINT "topics_visibility_check" CHECK ("visibility" IN ('private', 'listed'));
ALTER TABLE "access_requests"
  ADD CONSTRAINT "access_requests_state_check"
    CHECK ("state" IN ('requested', 'approved', 'refused', 'withdrawn'));
ALTER TABLE "invitations"
  ADD CONSTRAINT "invitations_role_check" CHECK ("role" IN ('admin', 'developer', 'viewer'));
ALTER TABLE "api_keys"
  ADD CONSTRAINT "api_keys_scopes_check"
    CHECK ("scopes" <@ ARRAY['publish', 'read', 'manage', 'receive', 'grants']);
