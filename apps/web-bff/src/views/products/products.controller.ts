import { Controller, Get, Param, Query } from '@nestjs/common';
import { Scopes } from '@bff/auth';
import { CatalogClient } from '@bff/clients';
import { Renders } from '@bff/views';
import { ProductList, ProductPage, ProductQuery } from './products.view.js';

const pageSize = 24;

@Controller('api/products')
export class ProductsController {
  constructor(private readonly catalog: CatalogClient) {}

  @Get()
  @Scopes('catalog:read')
  @Renders(ProductList)
  list(@Query({ schema: ProductQuery }) { search, page }: ProductQuery) {
    return ProductList.load({
      found: () => this.catalog.search(search, page, pageSize),
      products: async ({ need }) => (await need('found')).items,
      page: async ({ need }) => ({ number: page, size: pageSize, totalItems: (await need('found')).total }),
    });
  }

  @Get(':sku')
  @Scopes('catalog:read')
  @Renders(ProductPage)
  product(@Param('sku') sku: string) {
    return ProductPage.load({ product: () => this.catalog.product(sku) });
  }
}
