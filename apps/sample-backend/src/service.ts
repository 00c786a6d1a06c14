/** The services of the sample backend, in the order in which they start. */
export const serviceNames = ['users', 'orders', 'catalog', 'identity'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Everything that listens: the services and the control of their faults. */
export type ListenerName = ServiceName | 'faults';

export interface RunningService {
  port: number;
  /** Closes the listener and every open connection. */
  close(): Promise<void>;
}
