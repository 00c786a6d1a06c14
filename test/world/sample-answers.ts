/** What the faked services answer with: more than any screen needs, `internal…` fields included. */
const pounds = (amount: string) => ({ amount, currency: 'GBP' });

export const users = [
  {
    id: '7',
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    internalRisk: 0.1,
    passwordHash: 'internal hash',
  },
  {
    id: '8',
    name: 'Charles Babbage',
    email: 'charles@example.com',
    internalRisk: 0.9,
    passwordHash: 'internal hash',
  },
];

export const catalog = ['BK-1843', 'BK-2', 'BK-3', 'BK-4', 'BK-5', 'BK-6', 'BK-7', 'BK-8', 'BK-9'].map(
  (sku, index) => ({
    sku,
    title: sku === 'BK-1843' ? 'Notes on the Engine' : `Volume ${index + 1}`,
    author: 'Ada Lovelace',
    description: 'A book.',
    price: pounds('24.50'),
    imageUrl: `https://images.example.com/${sku}.webp`,
    inStock: true,
    costPrice: pounds('3.21'),
    supplierCode: 'internal supplier',
  }),
);

export const orders = Array.from({ length: 25 }, (_, index) => ({
  userId: index === 24 ? '8' : '7',
  id: String(44 - index),
  number: String(44 - index),
  status: index < 5 ? 'placed' : 'delivered',
  placedAt: `2026-10-${String(28 - index).padStart(2, '0')}T10:00:00.000Z`,
  total: pounds('89.00'),
  lines: [{ sku: 'BK-1843', quantity: 2, unitPrice: pounds('24.50') }],
  warehouseCode: 'internal warehouse',
  fraudScore: 0.5,
  margin: pounds('1.23'),
}));
