import { randomBytes } from 'node:crypto';

/** Follows the frames of one direction of a WebSocket (RFC 6455, section 5.2) by their heads; of payloads it reads nothing. */
export class FrameWalk {
  /** Of a head that has begun: 14 bytes at most. */
  private head: number[] = [];
  private payloadLeft = 0;
  /** A frame has gone by that says there are no others. */
  hasClosed = false;

  /** What is put here is a frame by itself. */
  get isBetweenFrames(): boolean {
    return this.payloadLeft === 0 && this.head.length === 0;
  }

  /** Over all bytes, or to the first end of a frame; gives how many it went over. */
  pass(bytes: Buffer, toEndOfFrame = false): number {
    let at = 0;
    while (at < bytes.length) {
      const step = Math.min(this.payloadLeft, bytes.length - at);
      if (step === 0) this.readHead(bytes[at++] ?? 0);
      this.payloadLeft -= step;
      at += step;
      if (toEndOfFrame && this.isBetweenFrames) break;
    }
    return at;
  }

  private readHead(byte: number): void {
    this.head.push(byte);
    const [first = 0, second] = this.head;
    if (second === undefined) return;
    const length = second & 0x7f;
    const lengthBytes = length < 126 ? 0 : length === 126 ? 2 : 8;
    const maskBytes = (second & 0x80) === 0 ? 0 : 4;
    if (this.head.length < 2 + lengthBytes + maskBytes) return;
    const longer = this.head.slice(2, 2 + lengthBytes).reduce((sum, one) => sum * 256 + one, 0);
    this.payloadLeft = lengthBytes === 0 ? length : longer;
    this.hasClosed ||= (first & 0x0f) === closeOpcode;
    this.head = [];
  }
}

const closeOpcode = 8;

/** Tells why there is nothing more; a client masks what it sends (RFC 6455, section 5.3). */
export function closeFrame(code: number, isMasked: boolean, reason = ''): Buffer {
  const payload = Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);
  const start = Buffer.from([0x80 | closeOpcode, (isMasked ? 0x80 : 0) | payload.length]);
  if (!isMasked) return Buffer.concat([start, payload]);
  const mask = randomBytes(4);
  return Buffer.concat([start, mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}
