import type { Product } from './products.js';

export interface Opinion {
  id: string;
  sku: Product['sku'];
  /** Of the user who wrote it. */
  authorId: string;
  /** 1 to 5. */
  rating: number;
  text: string;
  writtenAt: string;
}

// id | sku | author | rating | written at | text
const table = `
O-101 | BK-1843 | 8 | 5 | 2025-02-03T10:15:00.000Z | The note on the table of operations is worth the price alone.
O-102 | BK-1843 | 7 | 4 | 2025-02-11T18:40:00.000Z | A corrected edition would be welcome.
O-103 | BK-1822 | 7 | 4 | 2025-03-01T08:05:00.000Z | Short, and it makes its case.
O-104 | BK-1827 | 7 | 5 | 2025-03-19T21:30:00.000Z | No error found so far.
O-105 | BK-1834 | 7 | 3 | 2025-04-22T12:00:00.000Z | Needs patience, and repays it.
O-106 | IN-1101 | 8 | 2 | 2025-05-06T16:20:00.000Z | An engine would not need one.
O-107 | IN-1113 | 7 | 5 | 2025-05-30T09:45:00.000Z | Punches cleanly.
`;

function readOpinion(row: string): Opinion {
  const [id, sku, authorId, rating, writtenAt, text] = row.split(' | ');
  if (!id || !sku || !authorId || !rating || !writtenAt || !text)
    throw new Error(`an opinion row is incomplete: ${row}`);
  return { id, sku, authorId, rating: Number(rating), text, writtenAt };
}

export const opinions: readonly Opinion[] = table.trim().split('\n').map(readOpinion);
