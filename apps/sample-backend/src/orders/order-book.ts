import { status } from '@grpc/grpc-js';

import { openStatuses, priceLine, sampleOrders, type OrderLine, type StoredOrder } from '../data/orders.js';
import { CallError } from './call.error.js';
import { ChangeLog } from './change-log.js';
import { readCursor, toCursor } from './cursor.js';

export interface ListQuery {
  userId: string;
  limit: number;
  cursor: string;
  openOnly: boolean;
}

export interface OrderPage {
  orders: StoredOrder[];
  /** Empty on the last page. */
  nextCursor: string;
}

export interface OrderChanges {
  orders: StoredOrder[];
  deletedIds: string[];
  next: string;
  more: boolean;
  tooOld: boolean;
}

/** The orders of all users. Every method throws CallError when the caller is at fault. */
export class OrderBook {
  readonly #orders = sampleOrders();
  /** Never given again, also when its order is gone. */
  #lastId = this.#orders.at(-1)?.id ?? 0;
  readonly #changes = new Map<string, ChangeLog>();
  /** By user and idempotency key. */
  readonly #placed = new Map<string, { readonly lines: string; readonly order: StoredOrder }>();

  constructor() {
    for (const { userId, id } of this.#orders) this.#changesOf(userId).changed(id);
  }

  get(userId: string, id: string): StoredOrder {
    const order = this.#orders.find((candidate) => String(candidate.id) === id);
    if (order?.userId !== userId) throw new CallError(status.NOT_FOUND, `no order ${id}`);
    return order;
  }

  /** Newest first. A page ends at an id, not at a position: orders placed meanwhile move nothing. */
  list({ userId, limit, cursor, openOnly }: ListQuery): OrderPage {
    if (limit < 0 || limit > 100) throw new CallError(status.INVALID_ARGUMENT, 'limit must be 1 to 100');
    const before = cursor === '' ? Infinity : readCursor(cursor);
    const found = this.#orders
      .filter((order) => order.userId === userId && order.id < before && (!openOnly || isOpen(order)))
      .toReversed();
    const orders = found.slice(0, limit || 20);
    const last = orders.at(-1);
    return { orders, nextCursor: last && found.length > orders.length ? toCursor(last.id) : '' };
  }

  /** With a key once, however often it is asked for. */
  place(userId: string, lines: { sku: string; quantity: number }[], key?: string): StoredOrder {
    if (key === undefined) return this.#place(userId, lines);
    if (key.length > 255) throw new CallError(status.INVALID_ARGUMENT, 'idempotency-key is too long');
    const mark = JSON.stringify([userId, key]);
    const wanted = JSON.stringify(lines.map(({ sku, quantity }) => [sku, quantity]));
    const before = this.#placed.get(mark);
    if (before === undefined) {
      const order = this.#place(userId, lines);
      this.#placed.set(mark, { lines: wanted, order });
      return order;
    }
    if (before.lines !== wanted)
      throw new CallError(status.ALREADY_EXISTS, 'idempotency-key belongs to another order');
    return before.order;
  }

  /** As it is now what changed since `since`, a `next` of before or empty for everything. */
  changes(userId: string, since: string, limit: number): OrderChanges {
    if (limit < 0 || limit > 100) throw new CallError(status.INVALID_ARGUMENT, 'limit must be 1 to 100');
    const page = this.#changesOf(userId).read(since, limit || 50);
    if (page === undefined) return { orders: [], deletedIds: [], next: '', more: false, tooOld: true };
    const { changedIds, deletedIds, ...place } = page;
    const orders = changedIds.map((id) => this.get(userId, String(id)));
    return { orders, deletedIds: deletedIds.map(String), ...place, tooOld: false };
  }

  cancel(userId: string, id: string): StoredOrder {
    const order = this.get(userId, id);
    if (order.status !== 'placed' && order.status !== 'packed')
      throw new CallError(status.FAILED_PRECONDITION, `order ${id} is ${order.status}`);
    order.status = 'cancelled';
    this.#changesOf(userId).changed(order.id);
    return order;
  }

  remove(userId: string, id: string): void {
    const order = this.get(userId, id);
    if (isOpen(order)) throw new CallError(status.FAILED_PRECONDITION, `order ${id} is ${order.status}`);
    this.#orders.splice(this.#orders.indexOf(order), 1);
    this.#changesOf(userId).deleted(order.id);
  }

  #changesOf(userId: string): ChangeLog {
    const known = this.#changes.get(userId);
    if (known !== undefined) return known;
    const log = new ChangeLog();
    this.#changes.set(userId, log);
    return log;
  }

  #place(userId: string, lines: { sku: string; quantity: number }[]): StoredOrder {
    if (userId === '') throw new CallError(status.INVALID_ARGUMENT, 'user_id is empty');
    if (lines.length === 0) throw new CallError(status.INVALID_ARGUMENT, 'an order needs at least one line');
    const order: StoredOrder = {
      lines: lines.map(readLine),
      id: (this.#lastId += 1),
      userId,
      status: 'placed',
      placedAt: new Date().toISOString(),
      warehouseCode: 'LON-1',
      fraudScore: 0.01,
    };
    this.#orders.push(order);
    this.#changesOf(userId).changed(order.id);
    return order;
  }
}

function isOpen({ status }: StoredOrder): boolean {
  return openStatuses.some((open) => open === status);
}

function readLine({ sku, quantity }: { sku: string; quantity: number }): OrderLine {
  if (quantity < 1 || quantity > 99) {
    throw new CallError(status.INVALID_ARGUMENT, `quantity of ${sku} must be 1 to 99`);
  }
  const line = priceLine(sku, quantity);
  if (!line) throw new CallError(status.INVALID_ARGUMENT, `unknown SKU ${sku}`);
  return line;
}
