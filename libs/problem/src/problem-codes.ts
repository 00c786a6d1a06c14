/** Every error a caller can meet: the code in `urn:bff:<code>`, its status and its title. */
export const problemCodes = {
  malformed_request: [400, 'The request is malformed'],
  invalid_request: [400, 'The request does not fit what this endpoint takes'],
  unauthenticated: [401, 'Sign in first'],
  insufficient_scope: [403, 'Not allowed'],
  not_found: [404, 'Not found'],
  method_not_allowed: [405, 'This method is not allowed here'],
  not_acceptable: [406, 'None of the accepted media types is available'],
  request_timeout: [408, 'The request took too long to arrive'],
  conflict: [409, 'The request conflicts with the current state'],
  payload_too_large: [413, 'The body is too large'],
  uri_too_long: [414, 'The URL is too long'],
  unsupported_media_type: [415, 'The body has a media type or encoding that is not understood'],
  refused: [422, 'A service refused what was asked for'],
  rate_limited: [429, 'Too many requests'],
  headers_too_large: [431, 'The request headers are too large'],
  internal_error: [500, 'Something went wrong'],
  upstream_unreachable: [502, 'A service cannot be reached'],
  upstream_bad_response: [502, 'A service answered with something unusable'],
  upstream_rejected: [502, 'A service turned the gateway down'],
  overloaded: [503, 'Too busy at the moment'],
  upstream_overloaded: [503, 'A service is overloaded'],
  upstream_circuit_open: [503, 'A service is being given time to recover'],
  upstream_timeout: [504, 'A service did not answer in time'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof problemCodes;
