import type { DeclaredRoute } from '../management/route-table.js';
import type { SecurityRequirement } from './document.js';

/** Public routes need nothing, others a bearer token with the scopes of the route. */
export function securityOf({ access, scopes }: DeclaredRoute): SecurityRequirement[] {
  return access === 'public' ? [] : [{ bearer: scopes }];
}

/** How callers show who they are, and what the scopes are for that some route needs. */
export function securitySchemes(routes: readonly DeclaredRoute[]): Record<string, object> {
  const scopes = [...new Set(routes.flatMap((route) => route.scopes))].toSorted();
  const described = scopes.map((scope) => `\`${scope}\` (${describe(scope)})`).join(', ');
  return {
    bearer: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description:
        'An access token of the OpenID provider, checked as RFC8725 and RFC9068 say: an asymmetric signature, issuer, ' +
        `audience and times. Its scopes: ${described}.`,
    },
  };
}

/** `orders:read` → `read orders`. */
function describe(scope: string): string {
  const [noun = '', verb = ''] = scope.split(':');
  return `${verb} ${noun}`.trim();
}
