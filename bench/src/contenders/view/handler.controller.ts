import { hash } from 'node:crypto';
import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Caller, Scopes } from '@bff/auth';
import { UsersClient } from '@bff/clients';
import type { z } from 'zod';
import { CatalogClient } from '../web-bff/catalog.client.js';
import { OrdersClient } from '../web-bff/orders.client.js';
import { Orders, Products, recommendationsWithinMs, User } from './schemas.js';

/** The same three sections, the way they are written without views. */
@Controller('api/dashboard')
export class HandlerController {
  constructor(
    private readonly users: UsersClient,
    private readonly orders: OrdersClient,
    private readonly catalog: CatalogClient,
  ) {}

  @Get()
  @Scopes('profile:read', 'orders:read')
  async dashboard(@Caller() me: Caller, @Res() response: Response): Promise<void> {
    const startedMs = performance.now();
    const [user, orders, recommendations] = await Promise.allSettled([
      this.users.get(me.id),
      this.orders.recent(me.id),
      within(recommendationsWithinMs, this.catalog.recommend(me.id)),
    ]);
    if (user.status === 'rejected') throw user.reason;
    const shownOrders = read(Orders, orders);
    const shownProducts = read(Products, recommendations);
    const sections = { user: ok, orders: shownOrders.report, recommendations: shownProducts.report };
    const missing = Object.entries(sections).filter(([, { status }]) => status !== 'ok');
    const body = JSON.stringify({
      user: User.parse(user.value),
      orders: shownOrders.value,
      recommendations: shownProducts.value,
      _meta: { complete: missing.length === 0, sections },
    });
    response.setHeader('Vary', 'Accept-Encoding, Accept');
    response.setHeader('Server-Timing', `dashboard;dur=${(performance.now() - startedMs).toFixed(1)}`);
    if (missing.length === 0) {
      response.setHeader('Cache-Control', 'private, no-cache');
      response.setHeader('ETag', `W/"${hash('sha1', body, 'base64url')}"`);
    } else {
      response.setHeader('Cache-Control', 'no-store');
      response.setHeader('X-Incomplete', missing.map(([name]) => name).join(', '));
    }
    if (response.req.fresh) return void response.status(304).end();
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Content-Length', Buffer.byteLength(body));
    response.end(body);
  }
}

const ok = { status: 'ok' } as const;

function read<S extends z.ZodType>(schema: S, { status, ...result }: PromiseSettledResult<unknown>) {
  const read = status === 'fulfilled' && 'value' in result ? schema.safeParse(result.value) : undefined;
  return read?.success === true
    ? { report: ok, value: read.data }
    : { report: { status: 'fallback', reason: 'unreachable' }, value: [] };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('too late')), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
