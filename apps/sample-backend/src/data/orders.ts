import { z } from 'zod';

import type { Pence } from './money.js';
import { findProduct } from './products.js';

export const openStatuses = ['placed', 'packed', 'shipped'] as const;
const OrderStatus = z.enum([...openStatuses, 'delivered', 'cancelled']);
export type OrderStatus = z.infer<typeof OrderStatus>;

export interface OrderLine {
  sku: string;
  quantity: number;
  unitPrice: Pence;
  unitCost: Pence;
}

export interface StoredOrder {
  /** Rises with every order of the shop: the order of ids is the order of time. */
  id: number;
  userId: string;
  status: OrderStatus;
  placedAt: string;
  lines: OrderLine[];
  warehouseCode: string;
  fraudScore: number;
}

// id | user | status | placed at | quantity × sku … | warehouse | fraud score
const table = `
11 | 7 | delivered | 2025-09-14T10:12:00.000Z | 1×BK-1827 1×IN-1101 | LON-1 | 0.01
12 | 8 | delivered | 2025-10-02T16:40:00.000Z | 2×IN-1118 | LON-1 | 0.05
14 | 7 | delivered | 2025-11-21T08:05:00.000Z | 1×BK-1832 | LON-2 | 0.01
17 | 7 | cancelled | 2026-01-09T19:31:00.000Z | 1×IN-1111 | LON-1 | 0.31
19 | 7 | delivered | 2026-02-03T11:20:00.000Z | 3×BK-2001 1×BK-2002 | LON-1 | 0.02
21 | 7 | delivered | 2026-03-12T13:00:00.000Z | 1×IN-1113 2×IN-1114 | MAN-1 | 0.02
23 | 8 | cancelled | 2026-04-01T07:45:00.000Z | 1×IN-1126 | LON-2 | 0.44
24 | 7 | delivered | 2026-04-18T09:15:00.000Z | 1×BK-1834 1×BK-1840 | LON-2 | 0.01
26 | 7 | delivered | 2026-05-27T17:50:00.000Z | 1×IN-1102 | MAN-1 | 0.03
28 | 7 | delivered | 2026-06-15T12:34:00.000Z | 4×IN-1130 1×BK-2009 | LON-1 | 0.01
31 | 7 | delivered | 2026-07-30T10:00:00.000Z | 1×BK-1864 | LON-1 | 0.02
33 | 7 | delivered | 2026-08-22T18:22:00.000Z | 2×IN-1117 1×IN-1116 | MAN-1 | 0.04
35 | 8 | delivered | 2026-09-04T14:10:00.000Z | 1×BK-1843 | LON-1 | 0.06
36 | 7 | shipped | 2026-09-28T09:41:00.000Z | 1×BK-2005 1×BK-2008 | LON-1 | 0.01
38 | 8 | shipped | 2026-10-11T20:02:00.000Z | 1×IN-1119 1×IN-1121 | MAN-1 | 0.12
39 | 7 | packed | 2026-10-19T15:27:00.000Z | 1×BK-1851 | LON-2 | 0.02
42 | 7 | packed | 2026-11-02T11:03:00.000Z | 2×BK-1843 1×IN-1101 | LON-1 | 0.01
44 | 8 | placed | 2026-11-05T06:58:00.000Z | 1×BK-1848 | LON-2 | 0.08
45 | 7 | placed | 2026-11-07T21:16:00.000Z | 1×IN-1125 3×BK-1852 | LON-2 | 0.02
`;

/** A line at today's catalog price; undefined for a SKU the catalog does not have. */
export function priceLine(sku: string, quantity: number): OrderLine | undefined {
  const product = findProduct(sku);
  return product && { sku, quantity, unitPrice: product.price, unitCost: product.cost };
}

function readLine(text: string): OrderLine {
  const [quantity, sku = ''] = text.split('×');
  const line = priceLine(sku, Number(quantity));
  if (!line) throw new Error(`a sample order names an unknown product: ${text}`);
  return line;
}

function readOrder(row: string): StoredOrder {
  const [id, userId = '', status, placedAt = '', lines = '', warehouseCode = '', fraudScore] =
    row.split(' | ');
  return {
    id: Number(id),
    userId,
    status: OrderStatus.parse(status),
    placedAt,
    lines: lines.split(' ').map(readLine),
    warehouseCode,
    fraudScore: Number(fraudScore),
  };
}

/** A fresh copy of the sample orders, oldest first. */
export function sampleOrders(): StoredOrder[] {
  return table.trim().split('\n').map(readOrder);
}
