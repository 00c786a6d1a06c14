import { requestText } from './raw-http.js';

/** Of a route that opens them. */
export const chat = { upstream: 'chat', websocket: true };
export const open = { public: true };
export const routes = [
  { name: 'open', match: { path: '/open/**' }, ...chat, rewrite: '/v2/**', access: open },
  { name: 'mine', match: { path: '/mine' }, ...chat, access: { scopes: ['orders:read'] } },
  { name: 'plain', match: { path: '/plain' }, upstream: 'chat', access: open },
  { name: 'cookies', match: { path: '/cookies' }, ...chat, cookies: 'pass', access: open },
  {
    name: 'narrow',
    match: { path: '/narrow' },
    ...chat,
    access: open,
    requestHeaders: { allow: ['x-room'] },
    responseHeaders: { allow: ['x-room'] },
  },
];

/** With the service of WebSockets, called `chat`, at this URL. */
export const upstreamsWith = (url: string, more: object = {}) => ({
  users: { url: '${USERS_URL}' },
  orders: { url: '${ORDERS_URL}' },
  catalog: { url: '${CATALOG_URL}' },
  chat: { url, timeout: '2s', bulkhead: { concurrent: 500 }, ...more },
});

/** By hand: what a browser's page cannot leave out, and more than it may add. */
export const handshake = (path: string, more: readonly string[] = []): string =>
  requestText(`GET ${path} HTTP/1.1`, [
    'Host: bff.example',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...more,
  ]);
