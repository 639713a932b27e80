-- How many of each a company may have where it is not the installation's default: {"topics": 5000}.
ALTER TABLE "partners" ADD COLUMN "limits" JSONB NOT NULL DEFAULT '{}';
