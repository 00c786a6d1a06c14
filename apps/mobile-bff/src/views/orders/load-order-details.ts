import type { CatalogClient, Order } from '@bff/clients';
import { OrderDetails } from './orders.view.js';

/** OrderDetails of an order that is got, or was just placed, by `find`. */
export function loadOrderDetails(catalog: CatalogClient, find: () => Promise<Order>) {
  return OrderDetails.load({
    found: find,
    titles: async ({ need }) => catalog.titles((await need('found')).lines.map(({ sku }) => sku)),
    order: async ({ need }) => {
      const order = await need('found');
      const titles = await need('titles');
      return { ...order, lines: order.lines.map((line) => ({ ...line, title: titles[line.sku] ?? null })) };
    },
  });
}
