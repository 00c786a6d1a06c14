export { CatalogClientModule } from './catalog/catalog-client.module.js';
export { CatalogClient } from './catalog/catalog.client.js';
export { Product, ProductPage, ProductSummary } from './catalog/product.js';
export { Money } from './money.js';
export { Order, OrderChanges, OrderPage, OrderStatus } from './orders/order.js';
export { OrdersClientModule } from './orders/orders-client.module.js';
export { OrdersClient, type OrderedProduct, type OrderQuery } from './orders/orders.client.js';
export { UsersClientModule } from './users/users-client.module.js';
export { User, UsersClient } from './users/users.client.js';
