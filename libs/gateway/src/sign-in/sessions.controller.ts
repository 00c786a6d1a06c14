import { Controller, Delete, Get, Header, HttpCode, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Caller, clearCookie, SessionMethod, Sessions, SignOut } from '@bff/auth';
import { ProblemError } from '@bff/problem';
import { AnswersWith } from './answers-with.js';
import { liveSessionOf } from './live-session-of.js';
import { SessionWatch } from './session-watch.js';

const MySession = z.object({
  id: z.string().describe('Names it; nobody can sign in with it.'),
  device: z.string().describe('What it was opened with, as far as that can be told.'),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().describe('To about a minute.'),
  current: z.boolean().describe('Whether it is the one that asks.'),
});

const MySessions = z
  .object({ sessions: z.array(MySession) })
  .describe('Where the user is signed in, the latest sign-in first.');

const SessionId = z.uuid().describe('The `id` of one of my sessions.');

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
  @AnswersWith({ name: 'MySessions', schema: MySessions, description: 'My sessions.' })
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
  @HttpCode(204)
  @AnswersWith({ description: 'It is over.' })
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
  @HttpCode(204)
  @AnswersWith({ description: 'All of them are over.' })
  async endAll(@Caller() me: Caller, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.signOut.everywhere(liveSessionOf(me).record.session.subject);
    response.appendHeader('Set-Cookie', clearCookie(this.method.cookie));
  }

  /** Tells an open tab when its session is over, as server-sent events. */
  @Get('session-events')
  @AnswersWith({ description: 'One event, `session-ended`, when it is over; comments until then.' })
  events(@Caller() me: Caller, @Req() request: Request, @Res() response: Response): void {
    this.watch.stream(liveSessionOf(me), request, response);
  }
}
