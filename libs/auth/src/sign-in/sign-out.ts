import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Request } from 'express';
import { AUTH_OPTIONS } from '../auth.options.js';
import type { LiveSession } from '../session/live-session.js';
import { publicOriginOf } from '../session/refuse-forgery.js';
import type { SessionOptions } from '../session/session.options.js';
import { Sessions } from '../session/sessions.js';
import { IdentityProvider } from './identity-provider.js';

/** Ends sessions, here first and then at the provider. */
@Injectable()
export class SignOut {
  private readonly logger = new Logger(SignOut.name);
  private readonly origins: readonly string[];

  constructor(
    @Inject(AUTH_OPTIONS) { session }: { readonly session: SessionOptions },
    private readonly provider: IdentityProvider,
    private readonly sessions: Sessions,
  ) {
    this.origins = session.origins;
  }

  /**
   * The session is over when it resolves, whatever becomes of its tokens. Resolves with where the browser may end its
   * session at the provider as well; undefined: nowhere, or the provider cannot be asked.
   */
  async here(live: LiveSession, request: Request): Promise<string | undefined> {
    await this.sessions.end(live, 'logout');
    const { session } = live.record;
    this.provider.revokeLater(session.tokens);
    const url = await this.provider
      .endSessionUrl(session, `${publicOriginOf(request, this.origins)}/`)
      .catch((error: unknown) => {
        this.logger.warn(error);
        return undefined;
      });
    return url?.href;
  }

  /** One of the user's own sessions by its public id; false: there is none. */
  async one(subject: string, id: string): Promise<boolean> {
    const sessions = await this.sessions.list({ subject });
    const found = sessions.find(({ record }) => record.session.id === id);
    if (found === undefined) return false;
    await this.elsewhere(found);
    return true;
  }

  /** All sessions of a user. Resolves with how many there were. */
  async everywhere(subject: string): Promise<number> {
    const sessions = await this.sessions.list({ subject });
    await Promise.all(sessions.map((session) => this.elsewhere(session)));
    return sessions.length;
  }

  private async elsewhere(session: Pick<LiveSession, 'record'>): Promise<void> {
    await this.sessions.end(session, 'ended_elsewhere');
    this.provider.revokeLater(session.record.session.tokens);
  }
}
