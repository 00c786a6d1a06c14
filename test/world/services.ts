import { catalogSchemaPath, ordersProtoPath } from '@bff/clients/protocols';
import { GrpcFake, HttpFake, startGraphqlFake } from '@bff/testing';
import { status } from '@grpc/grpc-js';
import { catalog, orders, users } from './sample-answers.js';

/** The three services, each a real server of its protocol on a free port. */
export interface Services {
  readonly users: HttpFake;
  readonly orders: GrpcFake;
  readonly catalog: HttpFake;
}

export async function startServices(): Promise<Services> {
  return { users: await startUsers(), orders: await startOrders(), catalog: await startCatalog() };
}

/** How often any of them was called. */
export function countCalls({ users, orders, catalog }: Services): number {
  return users.calls.length + orders.calls.length + catalog.calls.length;
}

function startUsers(): Promise<HttpFake> {
  return HttpFake.start(({ path }) => users.find(({ id }) => path === `/users/${id}`));
}

function startOrders(): Promise<GrpcFake> {
  return GrpcFake.start(ordersProtoPath, 'bff.orders.v1.Orders', {
    Get: ({ userId, id }: { userId: string; id: string }) => {
      const order = orders.find((candidate) => candidate.userId === userId && candidate.id === id);
      if (order === undefined) throw new GrpcStatus(status.NOT_FOUND);
      return order;
    },
    List: ({ userId, limit, openOnly }: { userId: string; limit: number; openOnly: boolean }) => {
      const mine = orders.filter(
        (order) => order.userId === userId && !(openOnly && order.status === 'delivered'),
      );
      return { orders: mine.slice(0, limit), nextCursor: mine.length > limit ? 'after-first-page' : '' };
    },
    Changes: ({ userId, limit }: { userId: string; limit: number }) => {
      const mine = orders.filter((order) => order.userId === userId);
      return {
        orders: mine.slice(0, limit),
        deletedIds: ['1'],
        next: 'after-these',
        more: mine.length > limit,
      };
    },
    Place: ({ lines }: { lines: { sku: string; quantity: number }[] }) => {
      if (lines.some(({ sku }) => sku === 'UNKNOWN')) throw new GrpcStatus(status.INVALID_ARGUMENT);
      return {
        ...orders[0],
        id: '99',
        number: '99',
        lines: lines.map((line) => ({ ...line, unitPrice: orders[0]?.total })),
      };
    },
  });
}

function startCatalog(): Promise<HttpFake> {
  const sized = catalog.map((product) => ({
    ...product,
    imageUrl: ({ width }: { width?: number }) =>
      product.imageUrl + (width === undefined ? '' : `?width=${width}`),
  }));
  const bySku = (wanted: string) => sized.find(({ sku }) => sku === wanted) ?? null;
  return startGraphqlFake(catalogSchemaPath, {
    product: ({ sku }: { sku: string }) => bySku(sku),
    productsBySku: ({ skus }: { skus: string[] }) => skus.map(bySku).filter((product) => product !== null),
    products: ({ page, perPage }: { page: number; perPage: number }) => ({
      items: sized,
      page,
      perPage,
      total: catalog.length,
    }),
    recommendations: ({ first }: { first: number }) => sized.slice(0, first),
  });
}

/** What a gRPC handler throws to be answered with that status. */
class GrpcStatus extends Error {
  readonly details = 'internal words';

  constructor(readonly code: status) {
    super(status[code]);
  }
}
