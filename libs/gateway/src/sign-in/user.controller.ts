import { Controller, Get, Header } from '@nestjs/common';
import { z } from 'zod';
import { Caller, Sessions } from '@bff/auth';
import { AnswersWith } from './answers-with.js';
import { liveSessionOf } from './live-session-of.js';

const example = { sub: '7', name: 'Ada Lovelace', sessionExpiresIn: 1_800, logoutUrl: '/bff/logout' };

const SignedInUser = z
  .looseObject({
    sub: z.string().describe('Who it is, as services know it.'),
    sessionExpiresIn: z.int().min(0).describe('Seconds until the session is over if nothing more is called.'),
    logoutUrl: z.string().describe('Where a POST ends the session.'),
  })
  .describe('What the identity provider says about the user, and how long the session lasts.')
  .meta({ examples: [example] });

@Controller('bff/user')
export class UserController {
  constructor(private readonly sessions: Sessions) {}

  /** Who is signed in. To ask for it counts as use. */
  @Get()
  @Header('Cache-Control', 'no-store')
  @AnswersWith({
    operation: 'getSignedInUser',
    name: 'SignedInUser',
    schema: SignedInUser,
    description: 'Who is signed in. To ask for it counts as use of the session.',
  })
  user(@Caller() me: Caller): z.output<typeof SignedInUser> {
    const live = liveSessionOf(me);
    const { claims, subject } = live.record.session;
    const sessionExpiresIn = this.sessions.secondsLeft(live);
    return { ...claims, sub: subject, sessionExpiresIn, logoutUrl: '/bff/logout' };
  }
}
