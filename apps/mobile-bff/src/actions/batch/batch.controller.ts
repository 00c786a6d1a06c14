import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { type InnerAnswer, type InnerCall, InnerCalls } from '@bff/gateway';
import { Renders } from '@bff/views';
import { BatchInput, BatchResults } from './batch.view.js';

/** What a call in a batch may say for itself; anything else, above all who calls, is the same for all of them. */
const settable = [
  'accept',
  'accept-language',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'x-request-id',
];

/** Answer headers worth their bytes: the outer answer tells the rest. */
const passedOn = [
  'content-type',
  'cache-control',
  'deprecation',
  'etag',
  'idempotency-replayed',
  'link',
  'location',
  'retry-after',
  'sunset',
  'x-incomplete',
  'x-request-id',
];

@Controller('v1/batch')
export class BatchController {
  constructor(private readonly innerCalls: InnerCalls) {}

  /** Runs all calls at once; one that fails leaves the others alone. Each has its own scopes to satisfy. */
  @Post()
  @HttpCode(200)
  @Renders(BatchResults)
  batch(@Req() request: Request, @Body({ schema: BatchInput }) { calls }: BatchInput) {
    return BatchResults.load({
      results: () =>
        Promise.all(
          calls.map(async (call) => toResult(await this.innerCalls.call(request, toInnerCall(call)))),
        ),
    });
  }
}

function toInnerCall({ method, path, headers = {}, body }: BatchInput['calls'][number]): InnerCall {
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const kept = Object.fromEntries(own.filter(([name]) => settable.includes(name)));
  if (body === undefined) return { method, path, headers: kept };
  return {
    method,
    path,
    headers: { ...kept, 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(body)),
  };
}

function toResult({ status, headers, body }: InnerAnswer) {
  const kept = passedOn.flatMap((name) =>
    headers[name] === undefined ? [] : [[name, headers[name]] as const],
  );
  return {
    status,
    headers: Object.fromEntries(kept),
    body: body.length === 0 ? null : (JSON.parse(body.toString()) as unknown),
  };
}
