import { Controller, Get, HttpCode, Query, Req, Res, UseFilters } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Public, readReturnUrl, SignIn, type SignInStep } from '@bff/auth';
import { AnyAppVersion } from '../app-versions/app-version.guard.js';
import { AnswerWithin } from '../pipeline/answer-within.js';
import { AnswersWith } from './answers-with.js';
import { PageFilter } from './page.filter.js';
import { sendPage } from './pages.js';

/** The provider may need three requests of up to 3 s. */
const answerWithinMs = 10_000;
const maxAcrValues = 5;

const ReturnUrl = z
  .string()
  .max(2_000)
  .default('/')
  .transform((text, context) => {
    const url = readReturnUrl(text);
    if (url === undefined)
      context.issues.push({ code: 'custom', message: 'Expected a path of this site', input: text });
    return url ?? '/';
  })
  .describe('Where to go afterwards: path, query and fragment on this site.');

const LoginQuery = z.object({
  returnUrl: ReturnUrl,
  prompt: z
    .enum(['none', 'login', 'select_account'])
    .optional()
    .describe('`none` asks the user nothing: whoever is not signed in at the provider comes back as he was.'),
  acr_values: z
    .string()
    .regex(
      // Of the characters that OAuth knows (RFC 6749, appendix A): quotes would grow in the cookie that keeps them.
      /^[\x21\x23-\x5b\x5d-\x7e]{1,100}( [\x21\x23-\x5b\x5d-\x7e]{1,100}){0,4}$/,
      `Expected up to ${maxAcrValues} names with spaces between`,
    )
    .max(504)
    .meta({ examples: ['urn:bff:acr:second-factor'] })
    .transform((text) => text.split(' '))
    .optional()
    .describe('How the user has to show who he is: classes of which one will do.'),
  max_age: z
    .string()
    .regex(/^\d{1,7}$/, 'Expected seconds')
    .max(7)
    .meta({ examples: ['300'] })
    .transform(Number)
    .optional()
    .describe('In how many seconds before now the user may have done so.'),
});
type LoginQuery = z.output<typeof LoginQuery>;

const SignedInQuery = z.object({ returnUrl: ReturnUrl });

/** Signing in with a browser. People come here by links and redirects, so what goes wrong is told as a page. */
@Controller('bff')
@AnyAppVersion()
@UseFilters(PageFilter)
export class SignInController {
  constructor(private readonly signIn: SignIn) {}

  /** To the provider. */
  @Get('login')
  @HttpCode(302)
  @Public()
  @AnswerWithin(answerWithinMs)
  @AnswersWith({
    operation: 'signIn',
    form: 'page',
    description: 'Sends the browser to the identity provider, from where it comes back signed in.',
  })
  async login(
    @Req() request: Request,
    @Res() response: Response,
    @Query({ schema: LoginQuery }) { returnUrl, prompt, acr_values, max_age }: LoginQuery,
  ): Promise<void> {
    const wishes = { prompt, acrValues: acr_values, maxAgeSeconds: max_age };
    go(response, 302, await this.signIn.begin(request, returnUrl, wishes));
  }

  /** Back from the provider. */
  @Get('callback')
  @HttpCode(303)
  @Public()
  @AnswerWithin(answerWithinMs)
  @AnswersWith({
    operation: 'finishSignIn',
    form: 'page',
    description:
      'Where the identity provider sends the browser back to. Sets the cookie of a new session and goes on to ' +
      '`/bff/signed-in`; what the provider says in the query is used once, by the browser that began.',
  })
  async callback(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { location, cookies } = await this.signIn.finish(request);
    const returnUrl = new URLSearchParams({ returnUrl: location });
    go(response, 303, { location: `/bff/signed-in?${returnUrl.toString()}`, cookies });
  }

  /**
   * A page of this site that goes on by itself: whatever the provider's redirects lead to counts as called by another
   * site, and browsers keep a `Strict` cookie to themselves then. Its reload redeems nothing, either.
   */
  @Get('signed-in')
  @Public()
  @AnswersWith({
    operation: 'showSignedIn',
    form: 'page',
    description: 'A page that goes on to where the user wanted to be, by itself.',
  })
  signedIn(
    @Res() response: Response,
    @Query({ schema: SignedInQuery }) { returnUrl }: { returnUrl: string },
  ): void {
    sendPage(response, 200, {
      title: 'You are signed in',
      text: 'Going on to where you wanted to be.',
      link: { href: returnUrl, text: 'Go on' },
      goesOn: true,
    });
  }
}

function go(response: Response, status: 302 | 303, { location, cookies }: SignInStep): void {
  for (const cookie of cookies) response.appendHeader('Set-Cookie', cookie);
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Location', location);
  response.status(status).end();
}
