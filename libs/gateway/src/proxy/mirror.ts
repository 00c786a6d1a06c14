import { Logger } from '@nestjs/common';
import { currentContext, Ending, PatientTimeout, runInContext } from '@bff/context';
import { AbandonedError, UpstreamError } from '@bff/problem';
import { isMirrored, type RouteMirror } from '@bff/proxy';
import type { HttpUpstream, RelayRequest, RelaySink } from '@bff/upstream';

/** More of an answer than this tells nothing more of a service. */
const maxAnswerBytes = 1_048_576;
/** The whole of an answer that nobody waits for. */
const maxMs = 10_000;

/**
 * Sends a share of the requests to a second upstream as well, for nobody: what it answers is thrown away, what fails is
 * seen in the metrics of that upstream alone, and its bulkhead is what bounds it.
 */
export class Mirror {
  private readonly logger = new Logger(Mirror.name);

  constructor(
    private readonly mirror: RouteMirror,
    private readonly upstream: HttpUpstream,
  ) {}

  /** `target`: path and query below the upstream's own prefix. Returns at once and never throws. */
  copy(request: RelayRequest, target: string, timeoutMs: number | undefined): void {
    const { method, body } = request;
    if (!isMirrored(this.mirror, { method, hasBody: body !== null }, Math.random())) return;
    const { http } = this.upstream;
    const copied = {
      ...request,
      path: http.prefix + target,
      headers: [...request.headers, 'x-mirrored', '1'],
    };
    // An end of its own: it may outlive the caller's request, but not for long.
    const ending = new Ending();
    const abandon = (): void => ending.end(new AbandonedError());
    const late = new PatientTimeout(abandon, maxMs);
    const context = currentContext();
    const send = (): Promise<void> => http.relay(copied, toNowhere(abandon), timeoutMs);
    const sent = context === undefined ? send() : runInContext({ ...context, ending }, send);
    sent.catch((error: unknown) => this.note(error)).finally(() => late.clear());
  }

  /** What a service does wrong is counted where it was called; anything else is a mistake of ours. */
  private note(error: unknown): void {
    if (!(error instanceof UpstreamError || error instanceof AbandonedError)) this.logger.error(error);
  }
}

/** Reads an answer and keeps nothing of it. `onEnough`: there is more of it than anybody wants. */
function toNowhere(onEnough: () => void): RelaySink {
  let bytes = 0;
  return {
    onHead: () => undefined,
    write: (chunk) => {
      bytes += chunk.length;
      if (bytes > maxAnswerBytes) onEnough();
      return true;
    },
    onDrain: (resume) => resume(),
    end: () => undefined,
  };
}
