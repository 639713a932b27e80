import type { message } from '@anika/contracts/messages';
import type { z } from 'zod';

export type Message = z.output<typeof message>;
