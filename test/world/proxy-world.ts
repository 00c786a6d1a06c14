import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '@bff/testing';
import { type Bff, startWebBff } from './bff.js';
import { type ConfigFile, wideLimits, writeGatewayConfig } from './gateway-config.js';

/** What an upstream saw of one request. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  /** Name and value in turns, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export type ServeLegacy = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

/** A web-bff with routes of `gateway.yaml`, before an old system that records exactly what arrives. */
export interface ProxyWorld extends AsyncDisposable {
  readonly bff: Bff;
  readonly file: ConfigFile;
  readonly legacyUrl: string;
  readonly seen: SeenRequest[];
  /** What the old system does; it answers with `legacy` unless told otherwise. */
  serve: ServeLegacy;
}

/** `routes` and `fallback` of its `gateway.yaml`; the upstream is called `legacy`. */
export async function startProxyWorld(
  changes: object,
  environment: Record<string, string> = {},
  moreUpstreams: object = {},
): Promise<ProxyWorld> {
  await using opened = new AsyncDisposableStack();
  const seen: SeenRequest[] = [];
  const world = {
    seen,
    serve: ((_request, response) => void response.end('legacy')) as ServeLegacy,
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', rawHeaders } = request;
      const body = Buffer.concat(chunks);
      seen.push({ method, url, rawHeaders, body });
      world.serve(request, response, body);
    });
  });
  const legacy = await listen(server);
  opened.defer(() => legacy.close());
  const upstreams = {
    users: { url: '${USERS_URL}' },
    orders: { url: '${ORDERS_URL}' },
    catalog: { url: '${CATALOG_URL}' },
    legacy: { url: legacy.url, timeout: '2s' },
    ...moreUpstreams,
  };
  const file = opened.use(writeGatewayConfig('web-bff', { ...wideLimits, upstreams, ...changes }));
  const bff = opened.use(await startWebBff({ GATEWAY_CONFIG: file.path, ...environment }));
  const all = opened.move();
  return Object.assign(world, {
    bff,
    file,
    legacyUrl: legacy.url,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  });
}

export function valuesOf({ rawHeaders }: SeenRequest, wanted: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === wanted);
}
