/** Why an announcement counts for nothing. */
export type RefusalReason =
  | 'oversized'
  | 'unsigned'
  | 'malformed'
  | 'unknown_issuer'
  | 'bad_signature'
  | 'expired'
  | 'from_the_future'
  | 'lease_too_long'
  | 'replayed'
  | 'path_not_allowed'
  | 'path_taken'
  | 'target_not_allowed'
  | 'public_not_allowed'
  | 'too_many_routes'
  | 'too_many_instances'
  | 'too_many_announcements';

/** An announcement that is refused. Its message names no secret, and may hold what a stranger wrote. */
export class Refusal extends Error {
  constructor(
    readonly reason: RefusalReason,
    message: string,
    readonly issuer?: string,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}
