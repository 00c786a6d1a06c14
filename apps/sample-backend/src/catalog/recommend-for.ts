import { createHash } from 'node:crypto';

import { findProduct, products, type Product } from '../data/products.js';

const picks: Record<string, string[]> = {
  '7': ['BK-1843', 'BK-1840', 'IN-1116', 'BK-2002', 'IN-1113', 'BK-1854', 'IN-1103', 'BK-2005'],
  '8': ['IN-1116', 'BK-1843', 'IN-1119', 'BK-2006', 'IN-1123', 'BK-1845', 'IN-1126', 'BK-2010'],
};

/** The same answer for the same user every time: hand-picked products first, then the rest. Never empty. */
export function recommendFor(userId: string, first: number): Product[] {
  const chosen = (picks[userId] ?? []).flatMap((sku) => findProduct(sku) ?? []);
  const start = createHash('sha256').update(userId).digest().readUInt32BE() % products.length;
  const rest = [...products.slice(start), ...products.slice(0, start)];
  return [...new Set([...chosen, ...rest])].slice(0, first);
}
