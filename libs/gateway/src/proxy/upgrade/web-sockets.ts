import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import type { Proxied } from '../proxied-requests.js';
import type { ProxyFront } from '../proxy-front.js';
import type { Upgrades } from './accept-upgrades.js';
import type { Tunnels } from './tunnels.js';
import type { UpgradedRequests } from './upgraded-requests.js';
import { asksForWebSocket } from './websocket-headers.js';

/** WebSockets through the routes that say so; any other protocol, and any other route, is passed over. */
export class WebSockets implements Upgrades {
  /** What each taken request was taken for: it goes along the table that it began with. */
  private readonly taken = new WeakMap<IncomingMessage, Proxied>();

  constructor(
    private readonly front: ProxyFront,
    private readonly requests: UpgradedRequests,
    private readonly tunnels: Tunnels,
  ) {}

  takes(request: IncomingMessage): boolean {
    if (!asksForWebSocket(request)) return false;
    const proxied = this.front.find(request as Request);
    if (proxied === undefined) return false;
    const { target, websocket } = proxied.compiled.route;
    if (target.kind === 'static' || !websocket) return false;
    this.taken.set(request, proxied);
    return true;
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    const proxied = this.taken.get(request);
    if (proxied === undefined) throw new Error('an upgrade that was not taken');
    this.requests.serve(request as Request, response as Response, proxied);
  }

  close(): void {
    this.tunnels.closeAll();
  }
}
