/** One request to a service that speaks messages. */
export interface MessageCall {
  readonly pattern: string;
  readonly data: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

export interface MessageRequest {
  /** Rejects with UpstreamError. */
  readonly reply: Promise<unknown>;
  /** Forgets the request: `reply` then never settles, and nothing of it is kept. */
  cancel(): void;
}
