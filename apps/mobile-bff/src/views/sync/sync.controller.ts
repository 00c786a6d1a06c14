import { Controller, Get, Query } from '@nestjs/common';
import { Caller, Scopes } from '@bff/auth';
import { OrdersClient } from '@bff/clients';
import { Cursors, MayAnswer } from '@bff/gateway';
import { ProblemError } from '@bff/problem';
import { Renders } from '@bff/views';
import { Sync, SyncQuery } from './sync.view.js';

@Controller('v1/sync')
export class SyncController {
  constructor(
    private readonly orders: OrdersClient,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Scopes('orders:read')
  @MayAnswer('sync_token_expired')
  @Renders(Sync)
  sync(@Caller() me: Caller, @Query({ schema: SyncQuery }) { since, limit }: SyncQuery) {
    const from = since ? { since: this.cursors.read('sync', since, 'since') } : {};
    return Sync.load({
      found: async () => {
        const found = await this.orders.changes(me.id, { limit, ...from });
        if (found.tooOld) throw new ProblemError('sync_token_expired');
        return found;
      },
      changes: async ({ need }) => (await need('found')).orders,
      deleted: async ({ need }) => (await need('found')).deletedIds,
      next: async ({ need }) => this.cursors.toCursor('sync', (await need('found')).next),
      more: async ({ need }) => (await need('found')).more,
    });
  }
}
