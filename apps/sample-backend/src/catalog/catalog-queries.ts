import { GraphQLError } from 'graphql';

import { toMoney } from '../data/money.js';
import { findProduct, products, type Product } from '../data/products.js';
import type { GatewayCall } from '../gateway-only/assertion-verifier.js';
import { recommendFor } from './recommend-for.js';

/** The resolvers of libs/clients/protocols/catalog.graphql, for whom a gateway calls. */
export function catalogQueriesOf({ userId: callerId = '' }: Pick<GatewayCall, 'userId'>) {
  return {
    ...productQueries,
    recommendations: ({ userId, first }: { userId: string; first: number }) => {
      if (userId !== callerId) throw refusal('FORBIDDEN', 'recommendations are for whom they are made');
      checkRange('first', first, 1);
      return recommendFor(userId, first).map(toAnswer);
    },
  };
}

const productQueries = {
  product: ({ sku }: { sku: string }) => {
    const product = findProduct(sku);
    return product ? toAnswer(product) : null;
  },

  productsBySku: ({ skus }: { skus: string[] }) => {
    checkRange('the number of skus', skus.length, 0);
    return skus.flatMap((sku) => findProduct(sku) ?? []).map(toAnswer);
  },

  products: ({ search, page, perPage }: { search?: string | null; page: number; perPage: number }) => {
    checkRange('page', page, 1, Number.MAX_SAFE_INTEGER);
    checkRange('perPage', perPage, 1);
    const found = products.filter((product) => matches(product, search ?? ''));
    const items = found.slice((page - 1) * perPage, page * perPage).map(toAnswer);
    return { items, page, perPage, total: found.length };
  },
};

function matches({ title, author }: Product, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return title.toLowerCase().includes(wanted) || author.toLowerCase().includes(wanted);
}

function toAnswer({ price, cost, ...product }: Product) {
  return {
    ...product,
    price: toMoney(price),
    costPrice: toMoney(cost),
    imageUrl: ({ width }: { width?: number | null }) => {
      const url = `https://images.example.com/products/${product.sku.toLowerCase()}.webp`;
      if (width === undefined || width === null) return url;
      checkRange('width', width, 16, 4_096);
      return `${url}?width=${width}`;
    },
  };
}

function checkRange(name: string, value: number, least: number, most = 100): void {
  if (value >= least && value <= most) return;
  throw refusal('BAD_USER_INPUT', `${name} must be between ${least} and ${most}`);
}

function refusal(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
