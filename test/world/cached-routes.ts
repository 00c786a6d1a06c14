import { HandlerFake } from '@bff/testing';
import { type Bff, startWebBff } from './bff.js';
import { wideLimits, writeGatewayConfig } from './gateway-config.js';

const routes = ['books', 'games'].map((name) => ({
  name,
  match: { path: `/${name}/:id` },
  upstream: 'legacy',
  access: { public: true },
  cache: { maxAge: '10m', shared: true, tags: [name, `${name}-:id`] },
}));

/** One address for all replicas, as a load balancer gives them. */
const headers = { host: 'shop.example.com' };
/** What a gateway answers to anybody. */
export const textAt = async (bff: Bff, path: string): Promise<string> =>
  (await bff.anonymous.get(path, { headers })).text;

/** Two gateways with routes that keep answers of one service, which numbers them: `/books/:id` and `/games/:id`. */
export async function startCachedRoutes(environment: Record<string, string> = {}) {
  await using opened = new AsyncDisposableStack();
  const service = opened.use(
    await HandlerFake.start((request, response, call) => {
      response.setHeader('cache-tag', 'told, all').end(`${request.url} ${call}`);
    }),
  );
  const urls = {
    users: '${USERS_URL}',
    orders: '${ORDERS_URL}',
    catalog: '${CATALOG_URL}',
    legacy: service.url,
  };
  const upstreams = Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, { url }]));
  const file = opened.use(writeGatewayConfig('web-bff', { ...wideLimits, upstreams, routes }));
  const one = opened.use(await startWebBff({ GATEWAY_CONFIG: file.path, ...environment }));
  const other = opened.use(await startWebBff({ GATEWAY_CONFIG: file.path, ...environment }));
  const all = opened.move();
  return { one, other, service, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
