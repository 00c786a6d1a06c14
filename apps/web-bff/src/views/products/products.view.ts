import { Product, ProductPage as FoundProducts, ProductSummary } from '@bff/clients';
import { countQuery, defineView, listOf, required, supporting } from '@bff/views';
import { z } from 'zod';

/** `page` counts from 1. What a form sends empty counts as not sent. */
export const ProductQuery = z.object({
  search: z
    .string()
    .max(100)
    .optional()
    .meta({ examples: ['engine'] }),
  page: countQuery({ most: 10_000, otherwise: 1 }),
});
export type ProductQuery = z.infer<typeof ProductQuery>;

/** The list of products, one page of it. */
export const ProductList = defineView(
  'ProductList',
  {
    found: supporting(FoundProducts),
    products: required(listOf('product', ProductSummary)),
    page: required(
      z
        .object({ number: z.int(), size: z.int(), totalItems: z.int() })
        .meta({ examples: [{ number: 1, size: 24, totalItems: 64 }] }),
    ),
  },
  { maxBytes: 8_000, maxUpstreamCalls: 1 },
);

/** A product's own page. */
export const ProductPage = defineView(
  'ProductPage',
  { product: required(Product) },
  { maxBytes: 2_000, maxUpstreamCalls: 1 },
);
