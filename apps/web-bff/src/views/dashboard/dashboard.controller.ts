import { Controller, Get } from '@nestjs/common';
import { Caller, Scopes } from '@bff/auth';
import { CatalogClient, OrdersClient, UsersClient } from '@bff/clients';
import { Renders } from '@bff/views';
import { Dashboard } from './dashboard.view.js';

@Controller('api/dashboard')
export class DashboardController {
  constructor(
    private readonly users: UsersClient,
    private readonly orders: OrdersClient,
    private readonly catalog: CatalogClient,
  ) {}

  @Get()
  @Scopes('profile:read', 'orders:read')
  @Renders(Dashboard)
  dashboard(@Caller() me: Caller) {
    return Dashboard.load({
      user: () => this.users.get(me.id),
      orders: async () => (await this.orders.list(me.id, { limit: 10 })).orders,
      recommendations: () => this.catalog.recommend(me.id, 8),
    });
  }
}
