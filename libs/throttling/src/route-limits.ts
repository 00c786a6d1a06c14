import { Inject, Injectable } from '@nestjs/common';
import { ThrottlerStorage } from '@nestjs/throttler';
import type { Request, Response } from 'express';
import { currentContext } from '@bff/context';
import { addressOf } from './address-of.js';
import { enforceLimit } from './enforce-limit.js';
import type { RateLimit } from './rate-limit.js';
import type { WeightedStorage } from './weighted-storage.js';

/** What one route lets pass, beside the limits of the whole gateway. */
export interface WeighedLimit extends RateLimit {
  /** Who has it to himself. `caller`: strangers by their address. `api-key`: whoever comes without one is not counted. */
  readonly per: 'caller' | 'address' | 'api-key';
  /** For how many of `requests` one request counts. */
  readonly cost: number;
  /** What callers of a plan have in place of `requests`. */
  readonly plans: Readonly<Record<string, { readonly requests: number }>>;
}

const apiKeyPrefix = 'api-key:';

/** Counts for routes in the same storage as the limits of the gateway. */
@Injectable()
export class RouteLimits {
  constructor(@Inject(ThrottlerStorage) private readonly storage: WeightedStorage) {}

  /** To be called when the caller is known. Rejects with `rate_limited`. `gateway` keeps routes of one name apart. */
  async check(
    request: Request,
    response: Response,
    { gateway, route, limit }: { gateway: string; route: string; limit: WeighedLimit },
  ): Promise<void> {
    const tracker = trackerOf(limit.per, request);
    if (tracker === undefined) return;
    const { windowMs, cost } = limit;
    const requests = requestsOf(limit);
    const name = `route-${route}`;
    const record = await this.storage.add(`${gateway}:${name}:${tracker}`, cost, windowMs, requests);
    enforceLimit(response, { name, limit: { requests, windowMs }, record });
  }
}

function requestsOf({ plans, requests }: WeighedLimit): number {
  const plan = currentContext()?.caller?.plan;
  return plan !== undefined && Object.hasOwn(plans, plan) ? (plans[plan]?.requests ?? requests) : requests;
}

function trackerOf(per: WeighedLimit['per'], request: Request): string | undefined {
  const id = currentContext()?.caller?.id;
  if (per === 'api-key') return id?.startsWith(apiKeyPrefix) === true ? id : undefined;
  return per === 'caller' && id !== undefined ? `caller:${id}` : `address:${addressOf(request)}`;
}
