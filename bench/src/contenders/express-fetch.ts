import express from 'express';
import type { Order, Product, User } from '../upstream/answers.js';
import { config, tellReady } from './config.js';
import { toDashboard } from './to-dashboard.js';

async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as T;
}

const app = express();
app.get('/api/dashboard', async (request, response) => {
  const id = request.get('x-user-id');
  const [user, orders, recommendations] = await Promise.all([
    getJson<User>(`${config.users}/users/${id}`),
    getJson<Order[]>(`${config.orders}/orders-of/${id}`),
    getJson<Product[]>(`${config.catalog}/recommendations-for/${id}`),
  ]);
  response.json(toDashboard({ user, orders, recommendations }));
});
app.listen(config.port, '127.0.0.1', tellReady);
