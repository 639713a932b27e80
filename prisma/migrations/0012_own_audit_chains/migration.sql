-- Format 2: the hash covers the entry's places in the chains of the companies as well.
ALTER TABLE "audit_entries" ADD COLUMN "format" INTEGER NOT NULL DEFAULT 1;

-- The place of an entry in the own chain of each company that it concerns: 1, 2, 3 … without a gap.
-- Entries that were there before get theirs by the command "migrate", right after this: the hashes need its code.
CREATE TABLE "audit_links" (
    "partner_id" TEXT NOT NULL,
    "own_seq" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "shared_with" TEXT[] NOT NULL,
    "prev_own_hash" TEXT NOT NULL,
    "own_hash" TEXT NOT NULL,

    CONSTRAINT "audit_links_pkey" PRIMARY KEY ("partner_id", "own_seq")
);

CREATE UNIQUE INDEX "audit_links_seq_partner_id_key" ON "audit_links"("seq", "partner_id");

ALTER TABLE "audit_links" ADD CONSTRAINT "audit_links_seq_fkey" FOREIGN KEY ("seq") REFERENCES "audit_entries"("seq") ON DELETE RESTRICT ON UPDATE RESTRICT;
