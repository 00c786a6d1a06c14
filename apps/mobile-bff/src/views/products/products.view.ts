import { Product } from '@bff/clients';
import { defineView, required } from '@bff/views';

/** A product's own screen. */
export const ProductDetails = defineView(
  'ProductDetails',
  {
    product: required(
      Product.pick({ sku: true, title: true, author: true, price: true, imageUrl: true, inStock: true }),
    ),
  },
  { maxBytes: 1_000, maxUpstreamCalls: 1 },
);
