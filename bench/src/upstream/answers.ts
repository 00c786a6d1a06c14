/** What the services answer with about a user: more than the dashboard shows, about 5 KB together. */
export const answers = {
  users: (userId: string) => ({
    id: userId,
    name: `User ${userId}`,
    email: `user-${userId}@example.com`,
    locale: 'en-GB',
    address: { street: '12 St James Square', city: 'London', postcode: 'SW1Y 4JH', country: 'GB' },
    passwordHash: '2f1c0a9d77b49b6e5f0c3ac2e7d1b8',
    internalRiskScore: 0.17,
    loyalty: { tier: 'gold', points: 18_420, since: '2019-04-01T00:00:00.000Z' },
    createdAt: '2019-04-01T09:30:00.000Z',
    updatedAt: '2026-10-30T17:05:12.000Z',
  }),
  orders: (userId: string) => Array.from({ length: 10 }, (_, index) => order(userId, index)),
  catalog: (userId: string) => Array.from({ length: 8 }, (_, index) => product(userId, index)),
};

export type ServiceName = keyof typeof answers;
export const serviceNames = Object.keys(answers) as ServiceName[];

/** Where each service answers, without the user's id. */
export const paths: Readonly<Record<ServiceName, string>> = {
  users: '/users/',
  orders: '/orders-of/',
  catalog: '/recommendations-for/',
};

function order(userId: string, index: number) {
  return {
    id: `o-${userId}-${index}`,
    number: String(4_200 + index),
    status: index < 2 ? 'placed' : 'delivered',
    placedAt: `2026-10-${10 + index}T08:15:00.000Z`,
    total: { amount: `${89 + index}.00`, currency: 'GBP' },
    lines: [{ sku: 'BK-1843', quantity: 1, unitPrice: { amount: '89.00', currency: 'GBP' } }],
    warehouse: 'LHR-2',
    marginPercent: 34.5,
  };
}

function product(userId: string, index: number) {
  return {
    sku: `BK-${userId}-${index}`,
    title: `Notes on the Engine, volume ${index + 1}`,
    price: { amount: `${12 + index}.50`, currency: 'GBP' },
    imageUrl: `https://images.example.com/products/bk-${index}.jpg`,
    supplierId: 'supplier-88',
    purchasePrice: { amount: '7.20', currency: 'GBP' },
    rankingScore: 0.918_273,
  };
}

export type User = ReturnType<(typeof answers)['users']>;
export type Order = ReturnType<typeof order>;
export type Product = ReturnType<typeof product>;
