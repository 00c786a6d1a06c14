/** Requests that come at fixed times, whatever the answers do. Every stream has connections of its own. */
export interface Stream {
  readonly name: string;
  readonly sends: 'good token' | 'no token' | 'bad token';
  /** One after the other. */
  readonly phases: readonly Phase[];
}

export interface Phase {
  readonly requestsPerSecond: number;
  readonly seconds: number;
}

/** Somebody signed in, whose dashboard is known. */
export interface StormCaller {
  readonly id: string;
  readonly token: string;
}

/** As many clients before any storm as in it: a connection that was idle for long costs more than one that was not. */
export const connectionsAtStart = 1_000;

export interface StormTarget {
  readonly port: number;
  readonly callers: readonly StormCaller[];
}

export interface ClosedRun extends StormTarget {
  /** As many requests in flight: the next one starts when one is answered. */
  readonly inFlight: number;
  readonly seconds: number;
  /** A cold process may be late. */
  readonly mayRefuse: boolean;
}

export interface OpenRun extends StormTarget {
  readonly streams: readonly Stream[];
}

/** What became of a request. Good: 200 in time, complete, and what the caller's dashboard must be. */
export type Outcome = 'good' | 'refused' | 'unauthenticated' | 'wrong' | 'too late' | 'no connection';
export type Outcomes = Readonly<Record<Outcome, number>>;

/** Of all requests that were due in one second. */
export interface Second {
  readonly due: number;
  readonly outcomes: Outcomes;
  /** Of the good ones, from the time a request is due; NaN: none was good. */
  readonly p99Ms: number;
}

export interface StreamResult {
  readonly name: string;
  readonly seconds: readonly Second[];
  /** What was wrong with answers, and how many of them. */
  readonly mistakes: Readonly<Record<string, number>>;
  /** Opened in advance and because all others were busy. */
  readonly connections: number;
}

/** How well the driver itself kept up. */
export interface DriverState {
  /** How much later than due requests were sent. */
  readonly lateP99Ms: number;
  /** Its main thread's share of a core; 0 to 1. */
  readonly busy: number;
}

export interface StormResult {
  readonly streams: readonly StreamResult[];
  readonly driver: DriverState;
}
