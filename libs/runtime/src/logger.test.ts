import { describe, expect, it } from 'vitest';
import { createLogger, flatLines, type Logger, type LogLevel } from './logger.ts';

function linesOf(write: (logger: Logger) => void, level: LogLevel = 'trace'): string[] {
  const lines: string[] = [];
  write(createLogger({ name: 'api', level }, { write: (line) => void lines.push(line) }));
  return lines;
}

describe('createLogger()', () => {
  it('writes one JSON object a line, with level, app and time', () => {
    const [line = ''] = linesOf((logger) => logger.info({ n: 1 }, 'started'));
    expect(line.endsWith('\n')).toBe(true);
    expect(JSON.parse(line)).toEqual({
      level: 'info',
      app: 'api',
      pid: process.pid,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      n: 1,
      msg: 'started',
    });
  });

  it('writes nothing below its level', () => {
    expect(linesOf((logger) => logger.debug('quiet'), 'info')).toEqual([]);
    expect(linesOf((logger) => logger.fatal('quiet'), 'silent')).toEqual([]);
  });

  it.each([
    'authorization',
    'cookie',
    'password',
    'passwordHash',
    'secret',
    'secrets',
    'token',
    'accessToken',
    'refreshToken',
    'key',
    'headers',
  ])('hides %s, at the top and one level below', (name) => {
    const [line = ''] = linesOf((logger) =>
      logger.info({ [name]: 'hush-1', request: { [name]: { deep: 'hush-2' } } }, 'x'),
    );
    expect(line).not.toContain('hush');
    expect(line).toContain('[redacted]');
  });

  it('hides secrets of flat lines at the top', () => {
    const [line = ''] = linesOf((logger) =>
      flatLines(logger).info({ token: 'hush', messageId: 'msg_1' }, 'x'),
    );
    expect(JSON.parse(line)).toMatchObject({ app: 'api', token: '[redacted]', messageId: 'msg_1', msg: 'x' });
  });

  it('hides what a child logger carries', () => {
    const [line = ''] = linesOf((logger) => logger.child({ token: 'hush' }).info('x'));
    expect(line).not.toContain('hush');
  });

  it('hides passwords in the connection strings of errors, and members of theirs that are not known', () => {
    const error = Object.assign(
      new Error('cannot reach postgresql://anika:hush-1@db:5432/anika or mongodb://a:hush-2@m/x'),
      { code: 'ECONNREFUSED', config: { password: 'hush-3' }, query: 'hush-4' },
    );
    const [line = ''] = linesOf((logger) => logger.error({ err: error }, 'failed'));
    expect(line).not.toContain('hush');
    expect(JSON.parse(line).err).toMatchObject({
      type: 'Error',
      code: 'ECONNREFUSED',
      message: 'cannot reach postgresql://anika:[redacted]@db:5432/anika or mongodb://a:[redacted]@m/x',
    });
  });

  it('hides the password in the cause of an error too', () => {
    const cause = new Error('connect redis://:hush@r:6379');
    const [line = ''] = linesOf((logger) => logger.error({ err: new Error('away', { cause }) }, 'failed'));
    expect(line).not.toContain('hush');
    expect(line).toContain('away');
  });
});
