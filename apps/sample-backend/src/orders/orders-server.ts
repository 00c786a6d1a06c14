import { createServer } from 'node:net';

import { Server, ServerCredentials } from '@grpc/grpc-js';

import type { FaultBoard } from '../faults/fault-board.js';
import { ListenerGate, type Address } from '../faults/listener-gate.js';
import { AssertionVerifier } from '../gateway-only/assertion-verifier.js';
import type { GatewayKeys } from '../gateway-only/gateway-keys.js';
import type { RunningService } from '../service.js';
import { OrderBook, type ListQuery } from './order-book.js';
import { toOrderMessage } from './order-message.js';
import { ordersDefinition } from './orders-definition.js';
import { unary, type Guards } from './unary.js';

interface OneRequest {
  userId: string;
  id: string;
}

interface ChangesRequest {
  userId: string;
  since: string;
  limit: number;
}

interface PlaceRequest {
  userId: string;
  lines: { sku: string; quantity: number }[];
}

/** The order service, gRPC without TLS. It shows and takes orders of whom the gateway calls for, and no others. */
export async function startOrders(
  address: Address,
  faults: FaultBoard,
  gateways: GatewayKeys,
): Promise<RunningService> {
  const grpc = createOrdersServer({ faults, verifier: new AssertionVerifier('orders', gateways) });
  // The listener is ours and hands its connections to gRPC, so that the gate can close and open it.
  const connections = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    connections.injectConnection(socket),
  );

  const gate = new ListenerGate('orders', listener, address);
  faults.onDown('orders', (down) => (down ? gate.close() : gate.open()));
  await gate.open();
  return { port: gate.port, close: () => gate.close().finally(() => grpc.forceShutdown()) };
}

function createOrdersServer(guards: Guards): Server {
  const book = new OrderBook();
  const server = new Server();
  server.addService(ordersDefinition, {
    Get: unary(guards, ({ userId, id }: OneRequest) => toOrderMessage(book.get(userId, id))),
    List: unary(guards, (query: ListQuery) => {
      const { orders, nextCursor } = book.list(query);
      return { orders: orders.map(toOrderMessage), nextCursor };
    }),
    Place: unary(guards, ({ userId, lines }: PlaceRequest, metadata) => {
      const [key] = metadata.get('idempotency-key');
      return toOrderMessage(book.place(userId, lines, key?.toString()));
    }),
    Changes: unary(guards, ({ userId, since, limit }: ChangesRequest) => {
      const { orders, ...rest } = book.changes(userId, since, limit);
      return { orders: orders.map(toOrderMessage), ...rest };
    }),
    Cancel: unary(guards, ({ userId, id }: OneRequest) => toOrderMessage(book.cancel(userId, id))),
    Remove: unary(guards, ({ userId, id }: OneRequest) => {
      book.remove(userId, id);
      return {};
    }),
  });
  return server;
}
