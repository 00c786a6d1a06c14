import { Logger } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { type Callers, requireScopes, type SessionMethod } from '@bff/auth';
import { currentContext, Deadline } from '@bff/context';
import { answerProblem } from '@bff/problem';
import { type ProxyRoute, toUpstreamTarget } from '@bff/proxy';
import type { AddressLimitGuard, CallerLimitGuard, RouteLimits } from '@bff/throttling';
import type { AppVersions } from '../../app-versions/app-versions.js';
import { refuseMalformed } from '../../pipeline/refuse-malformed.js';
import { setSecurityHeaders } from '../../pipeline/security-headers.js';
import type { Deprecations } from '../deprecations.js';
import { forwardingOf, type Proxied } from '../proxied-requests.js';
import { upstreamFor } from '../upstream-for.js';
import type { TunnelEnd } from './tunnel.js';
import type { Tunnels } from './tunnels.js';
import { UpgradedResponse } from './upgraded-response.js';
import { ofHandshakeOnly } from './websocket-headers.js';

interface Steps {
  /** Opens the context of a request and runs the rest in it. */
  readonly openContext: (request: Request, response: Response, next: NextFunction) => void;
  readonly addressLimit: AddressLimitGuard;
  readonly callers: Callers;
  readonly sessions: SessionMethod;
  readonly callerLimit: CallerLimitGuard;
  readonly routeLimits: RouteLimits;
  readonly appVersions: AppVersions;
  readonly deprecations: Deprecations;
  readonly tunnels: Tunnels;
}

/**
 * The way of a request for a WebSocket: the same steps in the same order as that of one that is handed on. Neither
 * Express nor a guard of Nest ever sees one. The numbers are those of docs/way-of-a-request.md.
 */
export class UpgradedRequests {
  private readonly logger = new Logger(UpgradedRequests.name);

  constructor(private readonly steps: Steps) {}

  serve(request: Request, response: Response, proxied: Proxied): void {
    // 1 context, and 11 the access log when the handshake is over
    this.steps.openContext(request, response, () => {
      this.run(request, response, proxied).catch((thrown: unknown) => {
        // 9 errors become problems
        if (!response.headersSent) {
          setSecurityHeaders(response);
          this.steps.deprecations.tell(proxied.compiled.route, response);
        }
        answerProblem(this.logger, request, response, thrown);
      });
    });
  }

  private async run(request: Request, response: Response, proxied: Proxied): Promise<void> {
    const { route, gateway } = proxied.compiled;
    // 2 malformed requests; the page's own policies are the upstream's
    response.setHeader('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    refuseMalformed(request);
    setDeadline(route);
    await this.steps.addressLimit.check(request, response); // 3 coarse limit per address
    if (!route.anyAppVersion) this.steps.appVersions.check(request, response); // 3 is this version of the app served
    if (route.access === 'caller')
      await this.identify(request, response); // 4 who is calling, 5 and from where
    // 5 cookies of others come along by themselves just like ours, and no CORS keeps a page from reading a WebSocket
    else if (route.cookies === 'pass' && request.headers.cookie !== undefined)
      this.steps.sessions.refuseForeignUpgrade(request);
    await this.steps.callerLimit.check(request, response); // 6 limit per caller
    if (route.limit !== undefined) {
      const { name, limit } = route;
      await this.steps.routeLimits.check(request, response, { gateway, route: name, limit });
    }
    requireScopes(route.scopes); // 7 scopes
    this.steps.deprecations.check(route);
    await this.open(request, response, proxied); // 8 what the service says to it
  }

  private async identify(request: Request, response: Response): Promise<void> {
    const caller = await this.steps.callers.identify(request, response, 'upgrade');
    const context = currentContext();
    if (context !== undefined) context.caller = caller;
  }

  private async open(request: Request, response: Response, proxied: Proxied): Promise<void> {
    const { compiled, path, params } = proxied;
    const { route, requestHeaders } = compiled;
    const upstream = upstreamFor(compiled, request);
    if (upstream === undefined) throw new Error(`the route ${route.name} has no upstream`);
    const asked = {
      path: upstream.http.prefix + toUpstreamTarget(route, path, params),
      headers: [
        ...requestHeaders.toUpstream(request.rawHeaders, forwardingOf(request)),
        ...ofHandshakeOnly(request.rawHeaders, route.requestHeaders),
      ],
    };
    const caller = currentContext()?.caller;
    const join = (service: TunnelEnd) => this.steps.tunnels.join(request.socket, service, caller);
    const answer = new UpgradedResponse(response, compiled, upstream.http.name, join);
    await upstream.http.upgrade(asked, answer, route.timeoutMs);
  }
}

/** A route that has its own; the caller's `X-Timeout-Ms` still lowers it. */
function setDeadline({ timeoutMs }: ProxyRoute): void {
  const context = currentContext();
  if (context === undefined || timeoutMs === undefined) return;
  context.deadline = Deadline.after(Math.min(timeoutMs, context.callerWaitsMs ?? Infinity));
}
