/** Several upstreams behind one route: each caller stays with one of them. */
export interface RouteSplit {
  /** At least one has a weight above 0. */
  readonly parts: readonly SplitPart[];
  /** What a caller may ask for by a header; it counts before the weights. */
  readonly header?: SplitHeader | undefined;
}

export interface SplitPart {
  readonly upstream: string;
  /** Beside those of the others. 0: nobody, unless the header asks for it. */
  readonly weight: number;
}

export interface SplitHeader {
  readonly name: string;
  /** The upstream by the header's value, which must be there exactly. */
  readonly values: Readonly<Record<string, string>>;
}

/** A second upstream that is sent a copy of requests; its answers are thrown away. */
export interface RouteMirror {
  readonly upstream: string;
  /** Of the requests, 0 to 1. */
  readonly share: number;
}

/** At most `requests` in each window of `windowMs`. */
export interface RouteLimit {
  readonly requests: number;
  readonly windowMs: number;
  /** Who has it to himself. `caller`: strangers by their address. `api-key`: nobody else is counted. */
  readonly per: 'caller' | 'address' | 'api-key';
  /** For how many of `requests` one request counts. */
  readonly cost: number;
  /** What callers of a plan have in place of `requests`. */
  readonly plans: Readonly<Record<string, { readonly requests: number }>>;
}
