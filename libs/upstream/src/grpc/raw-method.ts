/** One gRPC method whose messages nobody reads on their way. */
export interface RawMethod {
  /** `/package.Service/Method` */
  readonly path: string;
  /** Its answer is any number of messages, not one. */
  readonly responseStream: boolean;
  /** `NO_SIDE_EFFECTS` or `IDEMPOTENT` in its definition: it may be tried again. */
  readonly idempotent: boolean;
}

/** Where the messages of an answer go, as they come. */
export interface MessageSink {
  /** False: no more until `onDrain` calls back. */
  write(message: Buffer): boolean;
  onDrain(resume: () => void): void;
}
