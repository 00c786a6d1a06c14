import { Module } from '@nestjs/common';
import { CatalogClientModule, OrdersClientModule, UsersClientModule } from '@bff/clients';
import { PlaceOrderController } from './actions/place-order/place-order.controller.js';
import { DashboardController } from './views/dashboard/dashboard.controller.js';
import { OrdersController } from './views/orders/orders.controller.js';
import { ProductsController } from './views/products/products.controller.js';

@Module({
  imports: [UsersClientModule, OrdersClientModule, CatalogClientModule],
  controllers: [DashboardController, ProductsController, OrdersController, PlaceOrderController],
})
export class AppModule {}
