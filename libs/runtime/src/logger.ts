import { type DestinationStream, type Logger as PinoLogger, pino, stdSerializers } from 'pino';

export type Logger = Pick<
  PinoLogger,
  'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'child' | 'isLevelEnabled'
>;
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Should such a member ever be logged by mistake, its value is not. */
const SECRET_MEMBERS = [
  'authorization',
  'cookie',
  'password',
  'currentPassword',
  'newPassword',
  'passwordHash',
  'secret',
  'secrets',
  'token',
  'accessToken',
  'refreshToken',
  'key',
  'headers',
];

const CENSOR = '[redacted]';

/** One JSON object a line on standard output, times in ISO 8601. */
export function createLogger(
  options: { name: string; level: LogLevel },
  destination?: DestinationStream,
): Logger {
  return pino(
    {
      level: options.level,
      base: { app: options.name, pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: serializeError },
      redact: {
        paths: SECRET_MEMBERS.flatMap((name) => [name, `*.${name}`]),
        censor: CENSOR,
      },
    },
    ...(destination === undefined ? [] : [destination]),
  );
}

/**
 * For lines that are written all the time and whose members are flat: looking for secrets inside each of them costs
 * five times as much as the line itself.
 */
export function flatLines(logger: Logger): Logger {
  return logger.child({}, { redact: { paths: SECRET_MEMBERS, censor: CENSOR } });
}

const URL_PASSWORD = /(\b[a-z][a-z0-9+]*:\/\/[^\s:/@]*):[^\s/@]+@/gi;

/** Connection strings in the messages of drivers hold passwords. */
function serializeError(error: Error): unknown {
  const { type, message, stack, ...rest } = stdSerializers.err(error);
  const clean = (text: string | undefined) => text?.replace(URL_PASSWORD, '$1:[redacted]@');
  const code = 'code' in rest ? { code: rest.code } : {};
  return { type, message: clean(message), stack: clean(stack), ...code };
}
