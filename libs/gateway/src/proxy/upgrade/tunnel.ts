import type { Duplex } from 'node:stream';
import { FrameGate, goingAway } from './frame-gate.js';

/** How long either side may take to leave once it was told to. */
const leaveMs = 1_000;
/** How long nothing may move once one side has left: what it had said before is still read. */
const drainMs = 5_000;

/** What a tunnel needs of both of its ends. */
export interface TunnelEnd extends Duplex {
  setTimeout(ms: number): unknown;
  setNoDelay?(isOn: boolean): unknown;
}

/** Two connections that have become one WebSocket; each side is read no faster than the other one reads. */
export class Tunnel {
  /** Resolves when both connections are closed. */
  readonly isOver: Promise<void>;
  private readonly toClient = new FrameGate(false);
  private readonly toService = new FrameGate(true);

  constructor(
    private readonly client: TunnelEnd,
    private readonly service: TunnelEnd,
  ) {
    const ends = [client, service];
    const closed = ends.map((end) => new Promise<void>((resolve) => end.once('close', () => resolve())));
    this.isOver = Promise.all(closed).then(() => undefined);
    for (const end of ends) {
      // A WebSocket may be quiet for as long as it likes.
      end.setTimeout(0);
      end.setNoDelay?.(true);
      end.on('error', () => undefined).on('timeout', () => end.destroy());
      end.once('end', () => this.drain()).once('close', () => this.drain());
    }
    join(client, this.toService, service);
    join(service, this.toClient, client);
  }

  /** Tells the client this code and why, and the service that it has gone away; cut off when that takes too long. */
  close(code: number, reason = ''): void {
    this.toClient.shut(code, reason);
    this.toService.shut(goingAway);
    const cutOff = setTimeout(() => {
      this.client.destroy();
      this.service.destroy();
    }, leaveMs);
    void this.isOver.then(() => clearTimeout(cutOff));
  }

  private drain(): void {
    for (const end of [this.client, this.service]) end.setTimeout(drainMs);
  }
}

function join(from: TunnelEnd, gate: FrameGate, to: TunnelEnd): void {
  from.pipe(gate).pipe(to);
  // Cut off without an end.
  from.once('close', () => gate.end());
  to.once('close', () => {
    // Read, though nobody takes it any more: the end comes behind it.
    from.unpipe(gate);
    from.resume();
  });
}
