import type { Request, Response } from 'express';
import { currentContext, Deadline } from '@bff/context';
import { type FailureReason, ProblemError, UpstreamError } from '@bff/problem';
import { type ResponseHeaders, rest, type RouteGrpcWeb } from '@bff/proxy';
import { type GrpcUpstream, grpcStatusOf, type MessageSink } from '@bff/upstream';
import { ReaderWatch } from '../reader-watch.js';
import { readOneMessage, toDataFrame, toTrailersFrame } from './grpc-web-frames.js';
import { readBytesOf } from './read-json-of.js';
import type { CallOptions, RouteCall } from './route-call.js';

const media = /^application\/grpc-web(-text)?(?:\+proto)?$/i;

/** The status by which gRPC tells what a gateway tells by a problem. */
const codes: Readonly<Record<FailureReason, number>> = {
  timeout: 4,
  overloaded: 8,
  rejected: 9,
  bad_response: 13,
  unreachable: 14,
  circuit_open: 14,
};
const unimplemented = 12;
/** Those that no library makes up by itself, so that their words are the service's. */
const ofServices = new Set([3, 5, 6, 7, 9, 10, 11, 16]);

/**
 * Methods of a gRPC service for clients who speak gRPC-Web, such as pages, which cannot speak gRPC. Messages pass unread.
 * What is wrong with the call as HTTP is a problem, as everywhere; how the service ended it is in the last frame.
 */
export class GrpcWebCall implements RouteCall {
  constructor(
    private readonly call: RouteGrpcWeb,
    private readonly upstream: GrpcUpstream,
    private readonly options: CallOptions,
  ) {}

  async answer(
    request: Request,
    response: Response,
    params: Readonly<Record<string, string>>,
  ): Promise<void> {
    const isText = readsText(request.headers['content-type']);
    const message = await this.readMessage(request, isText);
    keepTimeout(request.headers['grpc-timeout']);
    const method = this.call.methods.get((params[rest] ?? '').slice(1));
    const frames = new FrameSink(response, this.options.responseHeaders, isText);
    // Its messages may be far apart; who reads them too slowly is cut off by the sink.
    if (method?.responseStream === true) request.socket.setTimeout(0);
    if (method === undefined) return frames.end(unimplemented, 'This route has no such method.');
    try {
      await this.upstream.relay(method, message, frames);
    } catch (error) {
      // Who has left, and mistakes of ours, are nothing for a frame.
      if (!(error instanceof UpstreamError)) throw error;
      const told = grpcStatusOf(error);
      const details = told !== undefined && ofServices.has(told.code) ? told.details : toWords(error);
      return frames.end(told?.code ?? codes[error.reason], details);
    }
    frames.end(0, '');
  }

  private async readMessage(request: Request, isText: boolean): Promise<Buffer> {
    const bytes = await readBytesOf(request, this.options.maxBodyBytes, true, 'application/grpc-web');
    const body = bytes ?? Buffer.alloc(0);
    return readOneMessage(isText ? Buffer.from(body.toString('latin1'), 'base64') : body);
  }
}

/** Whether it comes in base64. Throws ProblemError for what is no gRPC-Web. */
function readsText(contentType = ''): boolean {
  const found = media.exec(contentType.split(';', 1)[0]?.trim() ?? '');
  if (found !== null) return found[1] !== undefined;
  const wanted = 'Send application/grpc-web+proto or application/grpc-web-text+proto.';
  throw new ProblemError('unsupported_media_type', wanted);
}

const unitsMs: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 0.001,
  n: 0.000_001,
};

/** A caller's `grpc-timeout` lowers the deadline, as X-Timeout-Ms does; one that makes no sense is passed over. */
function keepTimeout(header: string | string[] | undefined): void {
  const context = currentContext();
  const [, amount, unit = ''] = /^(\d{1,8})([HMSmun])$/.exec(String(header)) ?? [];
  const unitMs = unitsMs[unit];
  if (context === undefined || amount === undefined || unitMs === undefined) return;
  context.deadline = Deadline.after(Math.min(context.deadline.remainingMs(), Number(amount) * unitMs));
}

function toWords({ reason }: UpstreamError): string {
  return `The service ${reason === 'timeout' ? 'took too long' : 'cannot be asked, or not answer'}.`;
}

/** Frames of an answer, the head of which goes out with the first of them. */
class FrameSink implements MessageSink {
  private readonly reader: ReaderWatch;

  constructor(
    private readonly response: Response,
    private readonly headers: ResponseHeaders,
    private readonly isText: boolean,
  ) {
    this.reader = new ReaderWatch(response);
  }

  write(message: Buffer): boolean {
    return this.send(toDataFrame(message));
  }

  onDrain(resume: () => void): void {
    this.reader.onDrain(resume);
  }

  end(code: number, details: string): void {
    this.send(toTrailersFrame(code, details));
    this.response.end();
  }

  private send(frame: Buffer): boolean {
    const { response } = this;
    if (!response.headersSent) {
      const type = `application/grpc-web${this.isText ? '-text' : ''}+proto`;
      response.writeHead(200, this.headers.toClient(['content-type', type, 'cache-control', 'no-store']));
    }
    return response.write(this.isText ? frame.toString('base64') : frame);
  }
}
