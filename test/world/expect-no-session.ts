import type { Answer } from '@bff/testing';
import { cookieNames, setCookiesOf, type Visitor } from './visitor.js';

/** Refused as a sign-in that cannot be trusted, and nobody is signed in: neither by a cookie nor behind it. */
export async function expectNoSession(visitor: Visitor, answer: Answer, status = 400): Promise<void> {
  expect([answer.status, answer.text]).toEqual([status, answer.text]);
  const given = setCookiesOf(answer).filter((line) => line.startsWith(`${cookieNames.session}=`));
  expect(given.filter((line) => !line.startsWith(`${cookieNames.session}=;`))).toEqual([]);
  expect(visitor.session).toBeUndefined();
  expect((await visitor.get('/bff/user')).status).toBe(401);
}
