import { Transform, type TransformCallback } from 'node:stream';
import { closeFrame, FrameWalk } from './frames.js';

/** RFC 6455, section 7.4.1. */
export const goingAway = 1001;
/** What waits here for a slow reader, in each direction. */
const bufferedBytes = 16 * 1024;

/**
 * One direction of a WebSocket: everything passes as it comes, until the gate is shut or the sender is gone. Then the
 * reader is told so by a frame of its own between two others.
 */
export class FrameGate extends Transform {
  private readonly walk = new FrameWalk();
  private shutWith: Buffer | undefined;
  private isOver = false;

  /** `isMasked`: towards the service. */
  constructor(private readonly isMasked: boolean) {
    super({ highWaterMark: bufferedBytes });
  }

  /** The frame that is on its way passes, and nothing behind it but this code and why: ASCII, 123 bytes at most. */
  shut(code: number, reason = ''): void {
    if (this.shutWith !== undefined || this.destroyed) return;
    this.shutWith = closeFrame(code, this.isMasked, reason);
    if (this.walk.isBetweenFrames) this.finishWith(this.shutWith);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.isOver) return done();
    const { shutWith } = this;
    const passed = this.walk.pass(chunk, shutWith !== undefined);
    this.push(passed === chunk.length ? chunk : chunk.subarray(0, passed));
    if (shutWith !== undefined && this.walk.isBetweenFrames) this.finishWith(shutWith);
    done();
  }

  override _flush(done: TransformCallback): void {
    if (!this.isOver && this.walk.isBetweenFrames) this.finishWith(closeFrame(goingAway, this.isMasked));
    done();
  }

  private finishWith(frame: Buffer): void {
    this.isOver = true;
    if (!this.walk.hasClosed) this.push(frame);
    this.push(null);
  }
}
