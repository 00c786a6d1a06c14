import { z } from 'zod';
import { Money } from '../money.js';

/** A product in a list. */
export const ProductSummary = z.object({
  sku: z.string().meta({ examples: ['BK-1843'] }),
  title: z.string().meta({ examples: ['Notes on the Engine'] }),
  price: Money.meta({ examples: [{ amount: '24.50', currency: 'GBP' }] }),
  imageUrl: z.string().meta({ examples: ['https://images.example.com/products/bk-1843.webp'] }),
});
export type ProductSummary = z.infer<typeof ProductSummary>;

/** A product on a page of its own. */
export const Product = ProductSummary.extend({
  author: z.string().meta({ examples: ['Ada Lovelace'] }),
  description: z.string().meta({ examples: ['Seven notes, A to G, with the table of operations.'] }),
  inStock: z.boolean(),
});
export type Product = z.infer<typeof Product>;

/** `page` counts from 1. */
export const ProductPage = z.object({
  items: z.array(ProductSummary),
  page: z.int(),
  perPage: z.int(),
  total: z.int(),
});
export type ProductPage = z.infer<typeof ProductPage>;
