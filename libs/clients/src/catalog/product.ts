import { z } from 'zod';
import { Money } from '../money.js';

/** A product in a list. */
export const ProductSummary = z.object({
  sku: z.string(),
  title: z.string(),
  price: Money,
  imageUrl: z.string(),
});
export type ProductSummary = z.infer<typeof ProductSummary>;

/** A product on a page of its own. */
export const Product = ProductSummary.extend({
  author: z.string(),
  description: z.string(),
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
