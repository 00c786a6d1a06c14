import { Logger } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { type Callers, requireScopes } from '@bff/auth';
import { currentContext, Deadline } from '@bff/context';
import { answerProblem, type ProblemError } from '@bff/problem';
import {
  type Forwarding,
  type ProxyRoute,
  type RequestPath,
  toBodyHeaders,
  toServiceHeaders,
  toUpstreamTarget,
} from '@bff/proxy';
import type { AddressLimitGuard, CallerLimitGuard, RouteLimits } from '@bff/throttling';
import type { RelayRequest } from '@bff/upstream';
import type { AppVersions } from '../app-versions/app-versions.js';
import { type CorsStep, preflightMethodOf } from '../pipeline/cors.js';
import { refuseMalformed } from '../pipeline/refuse-malformed.js';
import { setSecurityHeaders } from '../pipeline/security-headers.js';
import type { CachedAnswers } from './cache/cached-answers.js';
import type { CompiledRoute } from './compiled-route.js';
import type { Deprecations } from './deprecations.js';
import type { EventStreams } from './event-streams.js';
import { bodyOf, hasBody, wholeBody } from './proxied-body.js';
import { ResponseSink } from './response-sink.js';
import type { AnswerTransform } from './transform/answer-transform.js';
import { TransformedSink } from './transform/transformed-sink.js';
import { upstreamFor } from './upstream-for.js';

interface Steps {
  /** Opens the context of a request and runs the rest in it. */
  readonly openContext: (request: Request, response: Response, next: NextFunction) => void;
  /** Undefined: no origin is listed. */
  readonly cors: CorsStep | undefined;
  readonly addressLimit: AddressLimitGuard;
  readonly callers: Callers;
  readonly callerLimit: CallerLimitGuard;
  readonly routeLimits: RouteLimits;
  readonly appVersions: AppVersions;
  readonly deprecations: Deprecations;
  readonly cachedAnswers: CachedAnswers;
  readonly eventStreams: EventStreams;
}

/** One request that goes along a route. */
export interface Proxied {
  readonly compiled: CompiledRoute;
  readonly path: RequestPath;
  readonly params: Readonly<Record<string, string>>;
  /** Request headers that decide between routes of this path. */
  readonly vary: readonly string[];
}

/** The socket must not be given up while an upstream may still be about to begin. */
const socketMarginMs = 5_000;

/**
 * The way of a request that is handed on: the same steps in the same order as that of a view, and nothing of it is
 * parsed. The numbers are those of docs/way-of-a-request.md.
 */
export class ProxiedRequests {
  private readonly logger = new Logger(ProxiedRequests.name);

  constructor(private readonly steps: Steps) {}

  serve(request: Request, response: Response, proxied: Proxied): void {
    // 1 context, and 11 the access log when all is over
    this.steps.openContext(request, response, () => {
      this.run(request, response, proxied).catch((thrown: unknown) =>
        this.fail(request, response, thrown, proxied.compiled.route),
      );
    });
  }

  /** Answers a request that no route is for as one that fails along a route, with its line in the log. */
  refuse(request: Request, response: Response, problem: ProblemError): void {
    this.steps.openContext(request, response, () => {
      setSecurityHeaders(response);
      // Not read any more; what has none is not complete yet either.
      if (hasBody(request)) response.setHeader('Connection', 'close');
      answerProblem(this.logger, request, response, problem);
    });
  }

  private async run(request: Request, response: Response, proxied: Proxied): Promise<void> {
    const { route, gateway } = proxied.compiled;
    // 2 malformed requests; the page's own policies are the upstream's
    response.setHeader('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (proxied.vary.length > 0) response.vary(proxied.vary.join(', '));
    refuseMalformed(request);
    if (route.cors === 'gateway' && this.answersPreflight(request, response)) return; // 2 CORS
    this.setDeadline(request, route);
    await this.steps.addressLimit.check(request, response); // 3 coarse limit per address
    if (!route.anyAppVersion) this.steps.appVersions.check(request, response); // 3 is this version of the app served
    if (route.access === 'caller') await this.identify(request, response); // 4 who is calling, 5 and from where
    await this.steps.callerLimit.check(request, response); // 6 limit per caller
    if (route.limit !== undefined) {
      const { name, limit } = route;
      await this.steps.routeLimits.check(request, response, { gateway, route: name, limit });
    }
    requireScopes(route.scopes); // 7 scopes
    this.steps.deprecations.check(route);
    await this.answer(request, response, proxied); // 8 stream both ways
  }

  /** Tells pages of other origins what they may; true: they only asked. */
  private answersPreflight(request: Request, response: Response): boolean {
    const { cors } = this.steps;
    // To the library every OPTIONS is a preflight.
    if (cors === undefined || (request.method === 'OPTIONS' && preflightMethodOf(request) === undefined))
      return false;
    let goesOn = false;
    cors(request, response, () => (goesOn = true));
    return !goesOn;
  }

  /** A route that has its own; the caller's `X-Timeout-Ms` still lowers it. */
  private setDeadline(request: Request, { timeoutMs, upload }: ProxyRoute): void {
    const context = currentContext();
    const uploadMs = upload !== undefined && hasBody(request) ? upload.timeoutMs : 0;
    if (context === undefined || (timeoutMs === undefined && uploadMs === 0)) return;
    const answerMs = timeoutMs ?? context.deadline.remainingMs();
    context.deadline = Deadline.after(Math.min(uploadMs + answerMs, context.callerWaitsMs ?? Infinity));
    request.socket.setTimeout(Math.max(request.socket.timeout ?? 0, answerMs + socketMarginMs));
  }

  private async identify(request: Request, response: Response): Promise<void> {
    const caller = await this.steps.callers.identify(request, response);
    const context = currentContext();
    if (context !== undefined) context.caller = caller;
  }

  private async answer(request: Request, response: Response, proxied: Proxied): Promise<void> {
    const { compiled, path, params } = proxied;
    const { route, mirror, transforms, responseHeaders } = compiled;
    const { target } = route;
    if (compiled.call !== undefined) return compiled.call.answer(request, response, params);
    if (target.kind === 'static') {
      const headers = responseHeaders.toClient(['content-type', target.contentType]);
      response.writeHead(target.status, headers).end(target.body);
      return;
    }
    const upstream = upstreamFor(compiled, request);
    if (upstream === undefined) throw new Error(`the route ${route.name} has no upstream`);
    const aim = toUpstreamTarget(route, path, params);
    const transform = transforms?.answerFor(request, response);
    const relayed = await this.toRelayed(request, compiled, upstream.http.prefix + aim, transform);
    const whole =
      transform && new TransformedSink(request, response, { headers: responseHeaders, transform, upstream });
    const sink = new ResponseSink(response, responseHeaders, this.onEvents);
    const usesCache = compiled.usesCache && whole === undefined;
    const answered = usesCache
      ? this.steps.cachedAnswers.serve({ ...proxied, request, response, upstream, relayed, sink })
      : upstream.http.relay(relayed, whole ?? sink, route.timeoutMs);
    mirror?.copy(relayed, aim, route.timeoutMs);
    await answered;
    if (whole !== undefined && compiled.usesCache) await this.steps.cachedAnswers.change(request);
    await whole?.finish();
  }

  /** In the context of its request. */
  private readonly onEvents = (response: Response): void => {
    const context = currentContext();
    if (context !== undefined) this.steps.eventStreams.add(response, context.ending);
  };

  private async toRelayed(
    request: Request,
    { route, requestHeaders, transforms }: CompiledRoute,
    path: string,
    transform: AnswerTransform | undefined,
  ): Promise<RelayRequest> {
    const passed = requestHeaders.toUpstream(request.rawHeaders, forwardingOf(request));
    const headers =
      transform === undefined ? passed : toServiceHeaders(passed, transform.tags, transform.accept);
    const sent = { method: request.method, path, uploadMs: route.upload?.timeoutMs };
    const made = await transforms?.body.of(request);
    if (made === undefined) return { ...sent, headers, body: bodyOf(request, route) };
    const { bytes, contentType } = made;
    return { ...sent, headers: toBodyHeaders(headers, contentType, bytes.length), body: wholeBody(bytes) };
  }

  /** 9 errors become problems; an answer that has begun is cut off, so that nobody takes it for a whole one. */
  private fail(request: Request, response: Response, thrown: unknown, route: ProxyRoute): void {
    if (!response.headersSent) {
      setSecurityHeaders(response);
      this.steps.deprecations.tell(route, response);
      // What is left of a body is not read any more.
      if (!request.complete) response.setHeader('Connection', 'close');
    }
    answerProblem(this.logger, request, response, thrown);
  }
}

export function forwardingOf(request: Request): Forwarding {
  const { ips, socket, protocol, host } = request;
  return {
    addresses: [...ips, socket.remoteAddress ?? 'unknown'],
    proto: protocol === 'https' ? 'https' : 'http',
    host,
  };
}
