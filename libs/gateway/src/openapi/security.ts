import { type AuthOptions, cookieName } from '@bff/auth';
import type { DeclaredRoute } from '../management/route-table.js';
import type { Parameter, SecurityRequirement } from './document.js';

/** How callers of a gateway show who they are. */
export type Access = Pick<AuthOptions, 'methods' | 'dpop'> & {
  readonly session: Pick<AuthOptions['session'], 'gateway'>;
};

/** Public routes need nothing, others any one of the ways that are taken, with the scopes of the route. */
export function securityOf(
  { access, scopes }: Pick<DeclaredRoute, 'access' | 'scopes'>,
  taken: Access,
): SecurityRequirement[] {
  return access === 'public' ? [] : schemesOf(taken).map((scheme) => ({ [scheme]: scopes }));
}

/** How callers show who they are, and what the scopes are for that some route needs. */
export function securitySchemes(
  routes: readonly DeclaredRoute[],
  taken: Access,
): Record<string, { readonly description: string }> {
  const scopes = [...new Set(routes.flatMap((route) => route.scopes))].toSorted();
  const described = scopes.map((scope) => `\`${scope}\` (${describe(scope)})`).join(', ');
  return Object.fromEntries(
    schemesOf(taken).map((scheme) => {
      const { description, ...rest } = schemes[scheme](taken);
      return [scheme, { ...rest, description: `${description} Its scopes: ${described}.` }];
    }),
  );
}

/** True where a cookie alone says who is calling, and the header that no other site can send has to go with it. */
export function needsCsrfHeader({ access }: Pick<DeclaredRoute, 'access'>, { methods }: Access): boolean {
  return access === 'caller' && methods.includes('session');
}

/** Required where there is no other way in. */
export function csrfParameter({ methods }: Access): Parameter {
  const isOnlyWay = methods.every((method) => method === 'session');
  return {
    name: 'X-CSRF',
    in: 'header',
    description: 'With every call that brings the session cookie: pages of other origins cannot send it.',
    required: isOnlyWay,
    schema: { type: 'string', enum: ['1'] },
    example: '1',
  };
}

type Scheme = 'session' | 'bearer' | 'dpop' | 'apiKey';

function schemesOf({ methods, dpop = 'off' }: Access): Scheme[] {
  return methods.flatMap((method): Scheme[] => {
    switch (method) {
      case 'session':
        return ['session'];
      case 'api-key':
        return ['apiKey'];
      case 'bearer':
        return dpop === 'off' ? ['bearer'] : dpop === 'required' ? ['dpop'] : ['bearer', 'dpop'];
    }
  });
}

type Described = (taken: Access) => { readonly description: string };

const accessToken =
  'An access token of the OpenID provider, checked as RFC8725 and RFC9068 say: an asymmetric signature, issuer, ' +
  'audience and times.';

const schemes: Readonly<Record<Scheme, Described>> = {
  session: ({ session }) => ({
    type: 'apiKey',
    in: 'cookie',
    name: cookieName(session.gateway, 'session'),
    description:
      'The session of a browser that has signed in at `/bff/login`; the header `X-CSRF: 1` goes with every call.',
  }),
  bearer: () => ({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: accessToken }),
  dpop: () => ({
    type: 'http',
    scheme: 'DPoP',
    description: `${accessToken} It is bound to a key of the caller, whose proof is in the header \`DPoP\` (RFC9449).`,
  }),
  apiKey: () => ({
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'The key of a program, as `npm run api-key` makes it.',
  }),
};

/** `orders:read` → `read orders`. */
function describe(scope: string): string {
  const [noun = '', verb = ''] = scope.split(':');
  return `${verb} ${noun}`.trim();
}
