import { type FailureReason, type Rejection, UpstreamError } from '@bff/problem';
import { z } from 'zod';

/** What the GraphQL specification, section 7.1.2, says an error has. */
export const GraphqlError = z.object({
  message: z.string(),
  path: z.array(z.union([z.string(), z.number()])).optional(),
  extensions: z.object({ code: z.string().optional() }).optional(),
});
export type GraphqlError = z.infer<typeof GraphqlError>;

/** The codes that servers of the field use; the specification leaves them open. */
const rejectionByCode = new Map<string, Rejection>([
  ['BAD_USER_INPUT', 'invalid'],
  ['NOT_FOUND', 'not_found'],
  ['CONFLICT', 'conflict'],
  ['UNAUTHENTICATED', 'gateway'],
  ['FORBIDDEN', 'gateway'],
  ['GRAPHQL_PARSE_FAILED', 'gateway'],
  ['GRAPHQL_VALIDATION_FAILED', 'gateway'],
  ['PERSISTED_QUERY_NOT_FOUND', 'gateway'],
]);

const reasonByCode = new Map<string, FailureReason>([
  ['SERVICE_UNAVAILABLE', 'overloaded'],
  ['TOO_MANY_REQUESTS', 'overloaded'],
  ['RATE_LIMITED', 'overloaded'],
  ['TIMEOUT', 'timeout'],
  ['GATEWAY_TIMEOUT', 'timeout'],
]);

/** What an error in a GraphQL answer means, by its `extensions.code`. */
export function toGraphqlFailure(upstream: string, { message, extensions }: GraphqlError): UpstreamError {
  const code = extensions?.code ?? '';
  const rejection = rejectionByCode.get(code);
  if (rejection !== undefined) return new UpstreamError(upstream, 'rejected', message, { rejection });
  return new UpstreamError(upstream, reasonByCode.get(code) ?? 'bad_response', message);
}
