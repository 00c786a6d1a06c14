import type { Request, Response } from 'express';
import type { RouteGrpc } from '@bff/proxy';
import type { GrpcUpstream } from '@bff/upstream';
import { memberOf } from './member-of.js';
import { readArguments } from './read-arguments.js';
import type { CallOptions, RouteCall } from './route-call.js';
import { sendJson } from './send-json.js';

/** One gRPC method with one answer, told in the JSON of protobuf. */
export class GrpcCall implements RouteCall {
  constructor(
    private readonly call: RouteGrpc,
    private readonly upstream: GrpcUpstream,
    private readonly options: CallOptions,
  ) {}

  async answer(
    request: Request,
    response: Response,
    params: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { method, arguments: sources, result } = this.call;
    const { maxBodyBytes, responseHeaders } = this.options;
    const message = await readArguments(method.fields, sources, { request, params, maxBodyBytes });
    const answer = await this.upstream.answer(method, message);
    sendJson(response, responseHeaders, memberOf(answer, result) ?? null);
  }
}
