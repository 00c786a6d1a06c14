import type { Order, Product, User } from '../upstream/answers.js';

export interface Answers {
  readonly user: User;
  readonly orders: readonly Order[];
  readonly recommendations: readonly Product[];
}

/** The fields that the screen shows, picked by hand. */
export function toDashboard({ user, orders, recommendations }: Answers) {
  return {
    user: { id: user.id, name: user.name },
    orders: orders.map(({ id, number, status, placedAt, total }) => ({
      id,
      number,
      status,
      placedAt,
      total,
    })),
    recommendations: recommendations.map(({ sku, title, price, imageUrl }) => ({
      sku,
      title,
      price,
      imageUrl,
    })),
  };
}
export type Dashboard = ReturnType<typeof toDashboard>;
