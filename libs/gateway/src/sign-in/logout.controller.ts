import { Body, Controller, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { BackChannelLogout, Caller, clearCookie, Public, SessionMethod, SignOut } from '@bff/auth';
import { AnyAppVersion } from '../app-versions/app-version.guard.js';
import { TakesForm } from '../pipeline/takes-form.js';
import { AnswersWith } from './answers-with.js';
import { liveSessionOf } from './live-session-of.js';

const SignedOut = z
  .object({
    endSessionUrl: z
      .url()
      .optional()
      .describe('Where the browser may go to sign out at the identity provider as well.'),
  })
  .describe('The session is over.');

const LogoutTokenForm = z
  .object({ logout_token: z.string().max(8_192).describe('A signed logout token.') })
  .describe('What the identity provider sends (OpenID Connect Back-Channel Logout 1.0, section 2.5).');

@Controller('bff')
@AnyAppVersion()
export class LogoutController {
  constructor(
    private readonly signOut: SignOut,
    private readonly backChannel: BackChannelLogout,
    private readonly method: SessionMethod,
  ) {}

  /** Ends this session. */
  @Post('logout')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @AnswersWith({
    operation: 'signOut',
    name: 'SignedOut',
    schema: SignedOut,
    description:
      'Ends this session, here; the answer says where the browser can end the one at the provider.',
  })
  async logout(
    @Caller() me: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.output<typeof SignedOut>> {
    const endSessionUrl = await this.signOut.here(liveSessionOf(me), request);
    response.appendHeader('Set-Cookie', clearCookie(this.method.cookie));
    return endSessionUrl === undefined ? {} : { endSessionUrl };
  }

  /** For the identity provider, which calls without a browser. */
  @Post('backchannel-logout')
  @HttpCode(200)
  @Public()
  @TakesForm()
  @Header('Cache-Control', 'no-store')
  @AnswersWith({
    operation: 'backChannelLogout',
    description: 'For the identity provider: ends the sessions that a signed logout token names.',
  })
  async backChannelLogout(
    @Body({ schema: LogoutTokenForm }) { logout_token: token }: z.output<typeof LogoutTokenForm>,
  ): Promise<void> {
    await this.backChannel.end(token);
  }
}
