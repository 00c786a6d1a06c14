import { Controller, Get, Headers } from '@nestjs/common';
import { Public } from '@bff/auth';
import { UsersClient } from '@bff/clients';
import { Renders } from '@bff/views';
import { CatalogClient } from '../web-bff/catalog.client.js';
import { Dashboard } from '../web-bff/dashboard.view.js';
import { OrdersClient } from '../web-bff/orders.client.js';

/** The same screen for whoever asks: what is left of it when nobody has to be known. */
@Controller('api/dashboard')
export class AnonymousController {
  constructor(
    private readonly users: UsersClient,
    private readonly orders: OrdersClient,
    private readonly catalog: CatalogClient,
  ) {}

  @Get()
  @Public()
  @Renders(Dashboard)
  dashboard(@Headers('x-user-id') id: string) {
    return Dashboard.load({
      user: () => this.users.get(id),
      orders: () => this.orders.recent(id),
      recommendations: () => this.catalog.recommend(id),
    });
  }
}
