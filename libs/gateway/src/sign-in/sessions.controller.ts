import { Controller, Delete, Get, Header, HttpCode, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Caller, clearCookie, endReasons, SessionMethod, Sessions, SignOut } from '@bff/auth';
import { ProblemError } from '@bff/problem';
import { AnyAppVersion } from '../app-versions/app-version.guard.js';
import { AnswersWith } from './answers-with.js';
import { liveSessionOf } from './live-session-of.js';
import { SessionWatch } from './session-watch.js';

const MySession = z
  .object({
    id: z.uuid().describe('Names it; nobody can sign in with it.'),
    device: z
      .string()
      .describe('What it was opened with, as far as that can be told.')
      .meta({ examples: ['Firefox on Windows'] }),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().describe('To about a minute.'),
    current: z.boolean().describe('Whether it is the one that asks.'),
  })
  .meta({ id: 'MySession' });

const MySessions = z
  .object({ sessions: z.array(MySession) })
  .describe('Where the user is signed in, the latest sign-in first.');

const SessionEnded = z
  .object({
    event: z.literal('session-ended'),
    reason: z
      .enum(endReasons)
      .meta({ 'x-extensible-enum': true })
      .describe('`replaced`: the same browser has signed in once more, or in too many others.'),
  })
  .describe('The session is over: the name of the event, and in its data why.');

const SessionId = z.uuid().max(36).describe('The `id` of one of my sessions.');

@Controller('bff')
export class SessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly signOut: SignOut,
    private readonly method: SessionMethod,
    private readonly watch: SessionWatch,
  ) {}

  /** Where I am signed in. */
  @Get('sessions')
  @Header('Cache-Control', 'no-store')
  @AnswersWith({
    operation: 'getMySessions',
    name: 'MySessions',
    schema: MySessions,
    description: 'Where the user is signed in.',
  })
  async list(@Caller() me: Caller): Promise<z.output<typeof MySessions>> {
    const mine = liveSessionOf(me).record.session;
    const all = await this.sessions.list({ subject: mine.subject });
    const sessions = all.map(({ record: { session, head } }) => ({
      id: session.id,
      device: session.device,
      createdAt: new Date(session.createdAtMs).toISOString(),
      lastUsedAt: new Date(head.usedAtMs).toISOString(),
      current: session.id === mine.id,
    }));
    return { sessions };
  }

  /** Ends one of my sessions. */
  @Delete('sessions/:id')
  @AnyAppVersion()
  @HttpCode(204)
  @AnswersWith({ operation: 'endMySession', description: 'Ends one of the sessions of the user.' })
  async endOne(
    @Caller() me: Caller,
    @Param('id', { schema: SessionId }) id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const { session } = liveSessionOf(me).record;
    if (!(await this.signOut.one(session.subject, id)))
      throw new ProblemError('not_found', 'There is no such session of yours.');
    if (session.id === id) response.appendHeader('Set-Cookie', clearCookie(this.method.cookie));
  }

  /** Ends all of my sessions, this one included. */
  @Delete('sessions')
  @AnyAppVersion()
  @HttpCode(204)
  @AnswersWith({
    operation: 'endMySessions',
    description: 'Ends all sessions of the user, this one included.',
  })
  async endAll(@Caller() me: Caller, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.signOut.everywhere(liveSessionOf(me).record.session.subject);
    response.appendHeader('Set-Cookie', clearCookie(this.method.cookie));
  }

  /** Tells an open tab when its session is over, as server-sent events. */
  @Get('session-events')
  @AnswersWith({
    operation: 'watchMySession',
    name: 'SessionEnded',
    schema: SessionEnded,
    form: 'events',
    description: 'Tells an open tab when the session is over; comments until then. Does not count as use.',
  })
  events(@Caller() me: Caller, @Req() request: Request, @Res() response: Response): void {
    this.watch.stream(liveSessionOf(me), request, response);
  }
}
