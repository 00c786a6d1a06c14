import { Controller, Get } from '@nestjs/common';
import { Caller, Scopes } from '@bff/auth';
import { CatalogClient, OrdersClient, UsersClient } from '@bff/clients';
import { Device } from '@bff/gateway';
import { Renders } from '@bff/views';
import { Home } from './home.view.js';

@Controller('v1/home')
export class HomeController {
  constructor(
    private readonly users: UsersClient,
    private readonly orders: OrdersClient,
    private readonly catalog: CatalogClient,
  ) {}

  @Get()
  @Scopes('profile:read', 'orders:read')
  @Renders(Home)
  home(@Caller() me: Caller, @Device('network') { network }: Device) {
    return Home.load({
      name: async () => (await this.users.get(me.id)).name,
      orders: async () => (await this.orders.list(me.id, { limit: 3, openOnly: true })).orders,
      picks: async () => {
        const picks = await this.catalog.recommend(me.id, network === 'slow' ? 3 : 6);
        const bearsImages = network === 'medium' || network === 'fast';
        return bearsImages ? picks : picks.map(({ sku, title, price }) => ({ sku, title, price }));
      },
    });
  }
}
