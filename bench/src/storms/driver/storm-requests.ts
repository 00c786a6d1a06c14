import { randomBytes } from 'node:crypto';
import { AnswerCheck } from '../../driver/check-answer.js';
import type { Outcome, StormCaller, Stream } from './storm-load.js';
import type { WireAnswer } from './wire-connection.js';

export interface StormRequest {
  readonly text: string;
  readonly callerId: string;
}

export type Judgement = readonly [outcome: Outcome, mistake?: string];

const signatureBytes = 256;

/** What a stream sends: callers take turns, so that nobody calls twice at one time. */
export class StormRequests {
  private readonly texts: readonly string[];
  private readonly check = new AnswerCheck(true);
  private next = 0;

  constructor(
    private readonly sends: Stream['sends'],
    private readonly callers: readonly StormCaller[],
  ) {
    this.texts = callers.map(({ token }) => textOf(`authorization: Bearer ${token}\r\n`));
  }

  take(): StormRequest {
    const index = this.next;
    this.next = (index + 1) % this.callers.length;
    const { id: callerId, token } = this.callers[index] as StormCaller;
    if (this.sends === 'no token') return { text: textOf(''), callerId };
    if (this.sends === 'bad token')
      return { text: textOf(`authorization: Bearer ${forge(token)}\r\n`), callerId };
    return { text: this.texts[index] as string, callerId };
  }

  judge({ callerId }: StormRequest, { status, body }: WireAnswer): Judgement {
    if (status === 503 && body.includes('"urn:bff:overloaded"')) return ['refused'];
    if (status === 401) return ['unauthenticated'];
    const mistake = this.check.mistakeIn(callerId, status, body);
    return mistake === undefined ? ['good'] : ['wrong', mistake];
  }
}

function textOf(credentials: string): string {
  return `GET /api/dashboard HTTP/1.1\r\nhost: storm\r\n${credentials}accept: application/json\r\n\r\n`;
}

/** Everything fits but the signature, so that it has to be verified. */
function forge(token: string): string {
  return token.slice(0, token.lastIndexOf('.') + 1) + randomBytes(signatureBytes).toString('base64url');
}
