/** How long the answers of a route are kept. Always the strictest of this and of what the service says itself. */
export interface RouteCache {
  /** Undefined: only for as long as the service says. */
  readonly maxAgeSeconds?: number | undefined;
  /** How long after that an answer stands in for a service that fails, or is served while it is asked again. */
  readonly staleIfErrorSeconds?: number | undefined;
  readonly staleWhileRevalidateSeconds?: number | undefined;
  /** One answer for everybody; else each caller has their own. */
  readonly shared: boolean;
  /** What answers can be purged by, with the parameters of the match: `book-:id`. */
  readonly tags: readonly string[];
  /** Request headers that tell answers apart, beside those of content negotiation. In lower case. */
  readonly vary: readonly string[];
  /** An answer that is larger is handed on, and not kept. */
  readonly maxBytes: number;
}
