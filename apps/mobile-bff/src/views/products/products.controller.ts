import { Controller, Get, Param } from '@nestjs/common';
import { Scopes } from '@bff/auth';
import { CatalogClient } from '@bff/clients';
import { Renders } from '@bff/views';
import { ProductDetails } from './products.view.js';

@Controller('v1/products')
export class ProductsController {
  constructor(private readonly catalog: CatalogClient) {}

  @Get(':sku')
  @Scopes('catalog:read')
  @Renders(ProductDetails)
  product(@Param('sku') sku: string) {
    return ProductDetails.load({ product: () => this.catalog.product(sku) });
  }
}
