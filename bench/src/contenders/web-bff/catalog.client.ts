import { Injectable } from '@nestjs/common';
import { ProductSummary } from '@bff/clients';
import { HttpUpstream, path, Upstream } from '@bff/upstream';
import { z } from 'zod';

const Products = z.array(ProductSummary);

/** The catalog of the benchmark: HTTP, because the other contenders speak nothing else. */
@Injectable()
export class CatalogClient {
  constructor(@Upstream('catalog') private readonly catalog: HttpUpstream) {}

  recommend(userId: string): Promise<ProductSummary[]> {
    return this.catalog.get(path`/recommendations-for/${userId}`, Products);
  }
}
