/** What a call was answered with. */
export interface Answer<Data> {
  readonly notModified: false;
  readonly status: number;
  readonly data: Data;
  readonly headers: Headers;
  /** Names this state of the data, for `ifNoneMatch`; only answers that are whole have one. */
  readonly etag: string | undefined;
}

/** The data are still those that `ifNoneMatch` names. */
export interface NotModified {
  readonly notModified: true;
  readonly status: 304;
  readonly data?: undefined;
  readonly headers: Headers;
  readonly etag: string | undefined;
}

/** A call that says what it has already may be told that it is still the same. */
export type AnswerTo<Data, Etag> = Answer<Data> | (undefined extends Etag ? never : NotModified);

export interface CallOptions<Field extends string = never> {
  /** Ends the call: it rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
  /** Only these parts of the answer, with dots between names; sections that are not among them are not even loaded. */
  readonly fields?: readonly Field[];
  /** How long we wait: the gateway answers within that time, with what it has by then. */
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ReadOptions<
  Field extends string = never,
  Etag extends string | undefined = undefined,
> extends CallOptions<Field> {
  /** The `etag` of the answer that we have. */
  readonly ifNoneMatch?: Etag;
}

export interface WriteOptions<Field extends string = never> extends CallOptions<Field> {
  /** The same for every attempt: what is asked for happens once. */
  readonly idempotencyKey?: string;
}
