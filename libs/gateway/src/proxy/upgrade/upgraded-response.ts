import type { Duplex } from 'node:stream';
import type { Response } from 'express';
import { UpstreamError } from '@bff/problem';
import type { UpgradeSink } from '@bff/upstream';
import type { CompiledRoute } from '../compiled-route.js';
import { ResponseSink } from '../response-sink.js';
import type { TunnelEnd } from './tunnel.js';
import { isWebSocket, ofHandshakeOnly } from './websocket-headers.js';

type Join = (service: TunnelEnd) => Promise<void>;

/** The answer to a request for a WebSocket: an open one, or what the service says instead. */
export class UpgradedResponse extends ResponseSink implements UpgradeSink {
  constructor(
    private readonly opened: Response,
    private readonly compiled: CompiledRoute,
    private readonly upstream: string,
    private readonly join: Join,
  ) {
    super(opened, compiled.responseHeaders);
  }

  async onUpgrade(rawHeaders: readonly string[], socket: Duplex): Promise<void> {
    const service = socket as unknown as TunnelEnd;
    const { opened } = this;
    const isRight = this.isWebSocket(rawHeaders);
    if (opened.destroyed || !isRight) {
      service.on('error', () => undefined).destroy();
      if (isRight) return;
      throw this.strange();
    }
    opened.writeHead(101, this.headersOf(rawHeaders)).end();
    await this.join(service);
  }

  private headersOf(rawHeaders: readonly string[]): Record<string, string | string[]> {
    const { responseHeaders, route } = this.compiled;
    const headers = responseHeaders.toClient(rawHeaders);
    const missing = ofHandshakeOnly(rawHeaders, route.responseHeaders);
    for (let index = 0; index < missing.length; index += 2)
      headers[(missing[index] ?? '').toLowerCase()] = missing[index + 1] ?? '';
    for (const name in headers) if (this.opened.hasHeader(name)) delete headers[name];
    // It has no body (RFC 9110, section 8.6).
    delete headers['content-length'];
    return { ...headers, connection: 'Upgrade', upgrade: 'websocket' };
  }

  private isWebSocket(rawHeaders: readonly string[]): boolean {
    const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'upgrade');
    return at >= 0 && isWebSocket(rawHeaders[at + 1] ?? '');
  }

  private strange(): UpstreamError {
    return new UpstreamError(this.upstream, 'bad_response', 'it went over to something else than WebSocket');
  }
}
