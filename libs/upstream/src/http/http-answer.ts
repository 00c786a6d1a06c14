/** One answer as it came, all of it. */
export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Undefined: as it says itself. */
  readonly keep?: Keeping | undefined;
}

/** How an answer is kept, where it is not the answer alone that decides. */
export interface Keeping {
  /** In place of its `Cache-Control`, which callers get all the same. */
  readonly control: string;
  /** What it can be purged by. */
  readonly labels: readonly string[];
}
