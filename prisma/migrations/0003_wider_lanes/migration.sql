-- AlterTable
ALTER TABLE "subscriptions" ALTER COLUMN "max_concurrency" SET DEFAULT 128;
