import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Pool } from 'undici';
import type { Order, Product, User } from '../upstream/answers.js';
import { config, tellReady } from './config.js';
import { toDashboard } from './to-dashboard.js';

const users = new Pool(config.users);
const orders = new Pool(config.orders);
const catalog = new Pool(config.catalog);

async function getJson<T>(pool: Pool, path: string): Promise<T> {
  const { statusCode, body } = await pool.request({ method: 'GET', path });
  if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}`);
  return (await body.json()) as T;
}

async function dashboard(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const id = String(request.headers['x-user-id']);
  const [user, ordersOfUser, recommendations] = await Promise.all([
    getJson<User>(users, `/users/${id}`),
    getJson<Order[]>(orders, `/orders-of/${id}`),
    getJson<Product[]>(catalog, `/recommendations-for/${id}`),
  ]);
  const text = JSON.stringify(toDashboard({ user, orders: ordersOfUser, recommendations }));
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  response.writeHead(200, headers).end(text);
}

const server = createServer((request, response) => {
  dashboard(request, response).catch(() => response.writeHead(502).end());
});
server.listen(config.port, '127.0.0.1', tellReady);
