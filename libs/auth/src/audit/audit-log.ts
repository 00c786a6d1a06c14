import { Injectable, Logger } from '@nestjs/common';

/** What an operator wants to know afterwards about who came in and who went. */
export type AuditEvent =
  | 'sign_in'
  | 'sign_in_failed'
  | 'session_refreshed'
  | 'session_ended'
  | 'sessions_ended_by_provider'
  | 'logout_token_refused';

/** Never a token, a secret, a cookie or a code: values of these names are all there is room for. */
export interface AuditFields {
  readonly userId?: string;
  /** The public id of the session. */
  readonly session?: string;
  readonly device?: string;
  readonly reason?: string;
  readonly acr?: string | undefined;
  readonly count?: number;
}

/** One line an event, with the ids of the request that caused it, at level `info`. */
@Injectable()
export class AuditLog {
  private readonly logger = new Logger('Audit');

  write(audit: AuditEvent, fields: AuditFields): void {
    this.logger.log({ audit, ...fields });
  }
}
