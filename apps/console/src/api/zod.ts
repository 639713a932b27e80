import { z } from 'zod/v4';

// Whoever makes a schema imports zod from here (vite.config.ts): it then tries no `new Function`, which our own content
// policy forbids and reports.
z.config({ jitless: true });

export { z };
