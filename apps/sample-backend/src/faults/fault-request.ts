import { z } from 'zod';

import type { ServiceName } from '../service.js';
import type { Fault } from './fault-board.js';

export type FaultRequest = Fault & { service: ServiceName };

export class FaultRequestError extends Error {
  constructor(readonly mistakes: string[]) {
    super(mistakes.join('; '));
    this.name = 'FaultRequestError';
  }
}

/** Throws FaultRequestError, with every mistake in it. */
export function readFaultRequest(body: string, services: readonly ServiceName[]): FaultRequest {
  const schema = z
    .strictObject({
      service: z.enum(services),
      delayMs: z.int().min(0).max(600_000).optional(),
      status: z.int().min(200).max(599).optional(),
      down: z.boolean().optional(),
    })
    .refine(
      ({ delayMs, status, down }) => [delayMs, status, down].some((fault) => fault !== undefined),
      'name delayMs, status or down',
    );
  return orThrow(schema.safeParse(readJson(body)));
}

/** Undefined for null: every service. Throws FaultRequestError. */
export function readServiceName(
  name: string | null,
  services: readonly ServiceName[],
): ServiceName | undefined {
  return orThrow(z.object({ service: z.enum(services).optional() }).safeParse({ service: name ?? undefined }))
    .service;
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new FaultRequestError(['the body is not JSON']);
  }
}

function orThrow<T>(result: z.ZodSafeParseResult<T>): T {
  if (result.success) return result.data;
  throw new FaultRequestError(
    result.error.issues.map(({ path, message }) => (path.length ? `${path.join('.')}: ${message}` : message)),
  );
}
