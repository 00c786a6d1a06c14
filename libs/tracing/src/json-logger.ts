import { types } from 'node:util';
import type { LoggerService } from '@nestjs/common';
import { currentContext } from '@bff/context';
import { isoTime } from './iso-time.js';
import { standardOutput } from './standard-output.js';
import { pino, type DestinationStream, type Logger } from 'pino';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

type WrittenLevel = Exclude<LogLevel, 'silent'>;

interface JsonLoggerOptions {
  readonly name: string;
  readonly level: LogLevel;
  /** Standard output unless given. */
  readonly destination?: DestinationStream;
}

/** One JSON object a line, each with the request id and trace id of the request it belongs to. */
export class JsonLogger implements LoggerService {
  private readonly pino: Logger;

  constructor({ name, level, destination }: JsonLoggerOptions) {
    const options = {
      name,
      level,
      base: { name },
      timestamp: isoTime,
      mixin: requestFields,
    };
    this.pino = pino(options, destination ?? standardOutput());
  }

  /** A line with fields of its own, e.g. the access log. */
  event(level: 'info' | 'warn' | 'error', fields: object, message: string): void {
    this.attempt(level, () => this.pino[level](fields, message));
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest appends the name of the logging class as the last argument. */
  private write(level: WrittenLevel, message: unknown, rest: readonly unknown[]): void {
    const context = rest.findLast((value) => typeof value === 'string');
    this.attempt(level, () => {
      // By slot, not by class: errors of Node's core belong to another realm wherever code runs in a VM context.
      if (types.isNativeError(message)) this.pino[level]({ context, err: message }, message.message);
      else if (typeof message === 'object' && message !== null)
        this.pino[level]({ context, details: message });
      else this.pino[level]({ context }, String(message));
    });
  }

  /** What cannot be told, because a getter throws, costs its line and not the request that wanted to log it. */
  private attempt(level: WrittenLevel, write: () => void): void {
    try {
      write();
    } catch {
      this.pino[level]('a line is missing here: what it should tell cannot be read');
    }
  }
}

function requestFields(): object {
  const context = currentContext();
  return context === undefined ? {} : { requestId: context.requestId, traceId: context.trace.traceId };
}
