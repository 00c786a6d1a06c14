/** The services of the sample backend, in the order in which they start. */
export const serviceNames = ['users', 'orders', 'catalog', 'identity', 'opinions'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Those that gateways have in their configuration. Opinions announces itself, and needs somewhere to do so. */
export const lastingServices = serviceNames.filter((name) => name !== 'opinions');

/** Everything that listens: the services and the control of their faults. */
export type ListenerName = ServiceName | 'faults';

export interface RunningService {
  port: number;
  /** Closes the listener and every open connection. */
  close(): Promise<void>;
}
