import { Controller, Get } from '@nestjs/common';
import { Caller, Scopes } from '@bff/auth';
import { UsersClient } from '@bff/clients';
import { Renders } from '@bff/views';
import { CatalogClient } from './catalog.client.js';
import { Dashboard } from './dashboard.view.js';
import { OrdersClient } from './orders.client.js';

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
      orders: () => this.orders.recent(me.id),
      recommendations: () => this.catalog.recommend(me.id),
    });
  }
}
