import { expect, it } from 'vitest';
import { composeSettings } from './compose-settings.ts';

it('composeSettings() tells what .env decides from what the file decides, for our programs only', () => {
  const text = `
x-common: &common
  ANIKA_KEYS: \${ANIKA_KEYS:?needed}
  ANIKA_LEVEL:
services:
  api:
    command: [node, apps/api/dist/main.js]
    environment:
      <<: *common
      ANIKA_PORT: 8080
      DATABASE_URL: postgresql://anika:\${POSTGRES_PASSWORD:?needed}@postgres/anika
  postgres:
    environment:
      POSTGRES_USER: anika`;
  expect(composeSettings(text)).toEqual({
    fromEnv: ['ANIKA_KEYS', 'ANIKA_LEVEL'],
    fixed: ['ANIKA_PORT', 'DATABASE_URL'],
  });
});
