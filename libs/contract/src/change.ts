/** What can happen to a contract. Most come in pairs, one the reverse of the other; `…-changed` is its own reverse. */
export const changeKinds = [
  'operation-removed',
  'operation-added',
  'status-removed',
  'status-added',
  'media-type-removed',
  'media-type-added',
  'body-removed',
  'body-added',
  'parameter-removed',
  'parameter-added',
  'parameter-style-changed',
  'header-removed',
  'header-added',
  'security-added',
  'security-removed',
  'scheme-removed',
  'scheme-added',
  'scheme-changed',
  'scope-added',
  'scope-removed',
  'field-removed',
  'field-added',
  'other-fields-refused',
  'other-fields-allowed',
  'became-optional',
  'became-required',
  'became-nullable',
  'no-longer-nullable',
  'type-widened',
  'type-narrowed',
  'type-changed',
  'value-added',
  'value-removed',
  'values-opened',
  'values-closed',
  'variant-added',
  'variant-removed',
  'limit-loosened',
  'limit-tightened',
  'limit-changed',
] as const;

export type ChangeKind = (typeof changeKinds)[number];

export type Severity = 'breaking' | 'additive';

/** A place in a schema of `components/schemas`, which many operations may use. */
export interface SchemaPlace {
  readonly name: string;
  /** `lines[].total`. */
  readonly where: string;
  /** The sentence, told of the schema. */
  readonly message: string;
}

export interface Change {
  readonly kind: ChangeKind;
  readonly severity: Severity;
  /** Method and path: `GET /api/dashboard`. */
  readonly operation: string;
  /** The place in the operation: `200 application/json orders[].total`, `body application/json`, `query page`. */
  readonly where: string;
  /** One sentence for those who build the frontend, in Markdown. */
  readonly message: string;
  /** The innermost schema that it is in, where both documents give it the same name. */
  readonly schema?: SchemaPlace | undefined;
}
