import { Controller, Get } from '@nestjs/common';
import { Caller, Scopes } from '@bff/auth';
import { CatalogClient, OrdersClient, UsersClient } from '@bff/clients';
import { Device } from '@bff/gateway';
import { Renders } from '@bff/views';
import { Home } from './home.view.js';

/** In pixels, where the network bears images at all. */
const imageWidths = { slow: undefined, medium: 320, fast: 640 } as const;

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
        const imageWidth = imageWidths[network ?? 'slow'];
        const picks = await this.catalog.recommend(me.id, network === 'slow' ? 3 : 6, imageWidth);
        return imageWidth === undefined
          ? picks.map(({ sku, title, price }) => ({ sku, title, price }))
          : picks;
      },
    });
  }
}
