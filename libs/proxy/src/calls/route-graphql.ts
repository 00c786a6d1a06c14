import type { ArgumentSource } from './argument-source.js';

/** The one GraphQL operation that a route stands for. Already checked. */
export interface RouteGraphql {
  readonly document: string;
  /** By the names that the operation declares. */
  readonly variables: Readonly<Record<string, ArgumentSource>>;
  /** The member of `data` that is the answer. Empty: `data` itself. */
  readonly result: readonly string[];
  /** What an answer of null becomes. Undefined: it is answered as it is. */
  readonly whenNull?: 404 | undefined;
  /** Whether data with errors beside it is an answer. */
  readonly partial: boolean;
}
