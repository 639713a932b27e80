import { defineConfig } from 'prisma/config';

// Generating the client asks for a schema engine that it then does not use; any existing file will do,
// and nothing is downloaded. Migrations run through libs/stores/src/postgres/migrate.ts.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({ schema: 'prisma/schema.prisma', migrations: { path: 'prisma/migrations' } });
