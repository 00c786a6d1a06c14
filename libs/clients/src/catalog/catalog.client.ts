import { Injectable } from '@nestjs/common';
import { UpstreamError } from '@bff/problem';
import { GraphqlUpstream, Upstream } from '@bff/upstream';
import { z } from 'zod';
import { batchLoader } from '../batch-loader.js';
import { Product, ProductPage, ProductSummary } from './product.js';

const words = 'sku title price { amount currency }';
const summary = `${words} imageUrl`;

const queries = {
  product: `query Product($sku: ID!) { product(sku: $sku) { ${summary} author description inStock } }`,
  search: `query Products($search: String, $page: Int!, $perPage: Int!) {
    products(search: $search, page: $page, perPage: $perPage) { page perPage total items { ${summary} } }
  }`,
  recommend: `query Recommendations($userId: ID!, $first: Int!) {
    recommendations(userId: $userId, first: $first) { ${summary} }
  }`,
  recommendSized: `query Recommendations($userId: ID!, $first: Int!, $width: Int!) {
    recommendations(userId: $userId, first: $first) { ${words} imageUrl(width: $width) }
  }`,
  titles: `query Titles($skus: [ID!]!) { productsBySku(skus: $skus) { sku title } }`,
};

const answers = {
  product: z.object({ product: Product.nullable() }),
  search: z.object({ products: ProductPage }),
  recommend: z.object({ recommendations: z.array(ProductSummary) }),
  titles: z.object({ productsBySku: z.array(z.object({ sku: z.string(), title: z.string() })) }),
};

/** The catalog service: GraphQL. */
@Injectable()
export class CatalogClient {
  constructor(@Upstream('catalog') private readonly catalog: GraphqlUpstream) {}

  /** Rejected as `not_found` when there is no such product. */
  async product(sku: string): Promise<Product> {
    const { product } = await this.catalog.query(queries.product, { sku }, answers.product);
    if (product === null)
      throw new UpstreamError('catalog', 'rejected', 'no such product', { rejection: 'not_found' });
    return product;
  }

  async search(search: string | undefined, page: number, perPage: number): Promise<ProductPage> {
    const { products } = await this.catalog.query(queries.search, { search, page, perPage }, answers.search);
    return products;
  }

  /** `imageWidth`: how many pixels wide images are at most; undefined: as they are. */
  async recommend(userId: string, first: number, imageWidth?: number): Promise<ProductSummary[]> {
    const { recommendations } = await (imageWidth === undefined
      ? this.catalog.query(queries.recommend, { userId, first }, answers.recommend)
      : this.catalog.query(queries.recommendSized, { userId, first, width: imageWidth }, answers.recommend));
    return recommendations;
  }

  /** Titles by SKU; unknown SKUs are left out. All parts of a request that ask at one time are one call. */
  async titles(skus: readonly string[]): Promise<Record<string, string>> {
    const loader = batchLoader(this, (wanted: readonly string[]) => this.loadTitles(wanted));
    const titles = await Promise.all(skus.map(async (sku) => [sku, await loader.load(sku)] as const));
    return Object.fromEntries(titles.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  /** In the order of `skus`; undefined: unknown. */
  private async loadTitles(skus: readonly string[]): Promise<(string | undefined)[]> {
    const { productsBySku } = await this.catalog.query(queries.titles, { skus }, answers.titles);
    const titles = new Map(productsBySku.map(({ sku, title }) => [sku, title]));
    return skus.map((sku) => titles.get(sku));
  }
}
