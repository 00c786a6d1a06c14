import { ApiProblem } from './api-problem.error.js';
import { loginUrl } from './session.js';

const problem = (code: string, challenge?: string): ApiProblem =>
  new ApiProblem(
    { type: `urn:bff:${code}`, title: 'No', status: 401 } as ApiProblem['problem'],
    undefined,
    challenge,
  );

test('the way to the sign-in names where to come back to', () => {
  expect(loginUrl('/orders?page=2&q=a b#top')).toBe(
    '/bff/login?returnUrl=%2Forders%3Fpage%3D2%26q%3Da+b%23top',
  );
});

test('a call that needs a stronger sign-in says which, and only that one does', () => {
  const challenge =
    'Bearer realm="bff", error="insufficient_user_authentication", acr_values="urn:one urn:two", max_age="300"';
  expect(loginUrl('/', problem('step_up_required', challenge))).toBe(
    '/bff/login?returnUrl=%2F&acr_values=urn%3Aone+urn%3Atwo&max_age=300',
  );
  expect(loginUrl('/', problem('unauthenticated', challenge))).toBe('/bff/login?returnUrl=%2F');
});
