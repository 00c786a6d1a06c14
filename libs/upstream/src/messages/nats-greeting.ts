import { connect, type Socket } from 'node:net';

/**
 * Waits until a broker greets, as NATS does with `INFO`. Its library leaves a socket open for each attempt at one that
 * accepts connections and says nothing.
 */
export class NatsGreeting {
  private readonly socket: Socket;
  readonly heard: Promise<void>;

  constructor(host: string, port: number) {
    this.socket = connect(port, host);
    this.heard = new Promise((resolve, reject) => {
      this.socket.once('data', () => resolve());
      this.socket.once('error', reject);
      this.socket.once('close', () => reject(new Error('closed without a greeting')));
    });
    this.heard.then(
      () => this.leave(),
      () => this.leave(),
    );
  }

  leave(): void {
    this.socket.destroy();
  }
}
