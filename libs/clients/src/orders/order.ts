import { z } from 'zod';
import { Money } from '../money.js';

export const OrderStatus = z
  .enum(['placed', 'packed', 'shipped', 'delivered', 'cancelled'])
  .meta({ id: 'OrderStatus', examples: ['packed'] });
export type OrderStatus = z.infer<typeof OrderStatus>;

const OrderLine = z.object({
  sku: z.string().meta({ examples: ['BK-1843'] }),
  quantity: z.int().meta({ examples: [2] }),
  unitPrice: Money.meta({ examples: [{ amount: '24.50', currency: 'GBP' }] }),
});

/** An order as the screens need it; the service answers with more. */
export const Order = z.object({
  id: z.string().meta({ examples: ['42'] }),
  number: z.string().meta({ examples: ['42'] }),
  status: OrderStatus,
  placedAt: z.iso.datetime().meta({ examples: ['2026-11-02T11:03:00.000Z'] }),
  total: Money,
  lines: z.array(OrderLine),
});
export type Order = z.infer<typeof Order>;

/** `nextCursor` is empty on the last page. */
export const OrderPage = z.object({ orders: z.array(Order), nextCursor: z.string() });
export type OrderPage = z.infer<typeof OrderPage>;

/** `next` is where to go on, at once where there is `more`; with `tooOld` there is nothing but to begin again. */
export const OrderChanges = z.object({
  orders: z.array(Order),
  deletedIds: z.array(z.string()),
  next: z.string(),
  more: z.boolean(),
  tooOld: z.boolean(),
});
export type OrderChanges = z.infer<typeof OrderChanges>;
