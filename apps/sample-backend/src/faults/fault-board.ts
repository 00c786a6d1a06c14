import type { ServiceName } from '../service.js';

export interface Fault {
  /** Every answer waits this long. */
  delayMs?: number;
  /** Every answer is this HTTP status, or the gRPC code that goes with it. */
  status?: number;
  /** As if the process was killed. */
  down?: boolean;
}

type DownListener = (down: boolean) => Promise<void>;

/** Which faults stand at the moment, for each service that runs here. */
export class FaultBoard {
  readonly #faults = new Map<ServiceName, Fault>();
  readonly #downListeners = new Map<ServiceName, DownListener>();

  constructor(readonly services: readonly ServiceName[]) {}

  current(service: ServiceName): Fault {
    return this.#faults.get(service) ?? {};
  }

  all(): Partial<Record<ServiceName, Fault>> {
    return Object.fromEntries(this.services.map((service) => [service, this.current(service)]));
  }

  onDown(service: ServiceName, listener: DownListener): void {
    this.#downListeners.set(service, listener);
  }

  /** Adds to the faults of the service, or overrides those named; resolves when the change is in force. */
  set(service: ServiceName, fault: Fault): Promise<void> {
    return this.#replace(service, { ...this.current(service), ...fault });
  }

  /** Resolves when the service, or without a name every service, is healthy again. */
  async clear(service?: ServiceName): Promise<void> {
    const services = service ? [service] : this.services;
    await Promise.all(services.map((name) => this.#replace(name, {})));
  }

  async #replace(service: ServiceName, fault: Fault): Promise<void> {
    this.#faults.set(service, fault);
    await this.#downListeners.get(service)?.(fault.down ?? false);
  }
}
