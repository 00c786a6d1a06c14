import { Controller, Get } from '@nestjs/common';
import { Caller, Scopes } from '@bff/auth';
import { UsersClient } from '@bff/clients';
import { defineView, optional, Renders, required } from '@bff/views';
import { CatalogClient } from '../web-bff/catalog.client.js';
import { OrdersClient } from '../web-bff/orders.client.js';
import { Orders, Products, User } from './schemas.js';

const Dashboard = defineView('Dashboard', {
  user: required(User),
  orders: optional(Orders, { otherwise: [] }),
  recommendations: optional(Products, { otherwise: [], within: '800ms' }),
});

/** Three sections, declared. */
@Controller('api/dashboard')
export class ViewController {
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
