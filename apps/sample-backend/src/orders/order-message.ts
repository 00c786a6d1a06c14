import { toMoney, type Money } from '../data/money.js';
import type { OrderLine, StoredOrder } from '../data/orders.js';

/** `bff.orders.v1.Order` as @grpc/proto-loader wants it. */
export interface OrderMessage {
  id: string;
  number: string;
  status: string;
  placedAt: string;
  total: Money;
  lines: { sku: string; quantity: number; unitPrice: Money }[];
  warehouseCode: string;
  fraudScore: number;
  margin: Money;
}

export function toOrderMessage(order: StoredOrder): OrderMessage {
  const total = sum(order.lines, (line) => line.unitPrice);
  const cost = sum(order.lines, (line) => line.unitCost);
  return {
    id: String(order.id),
    number: String(order.id),
    status: order.status,
    placedAt: order.placedAt,
    total: toMoney(total),
    lines: order.lines.map(({ sku, quantity, unitPrice }) => ({
      sku,
      quantity,
      unitPrice: toMoney(unitPrice),
    })),
    warehouseCode: order.warehouseCode,
    fraudScore: order.fraudScore,
    margin: toMoney(total - cost),
  };
}

function sum(lines: OrderLine[], price: (line: OrderLine) => number): number {
  return lines.reduce((total, line) => total + line.quantity * price(line), 0);
}
