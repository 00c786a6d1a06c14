import type { OpenApiDocument } from '@bff/gateway';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import spectral, { type IRuleResult } from '@stoplight/spectral-core';
import owasp from '@stoplight/spectral-owasp-ruleset';
import rulesets from '@stoplight/spectral-rulesets';

/** A rule that does not hold here, and why; `at` says where, as the path of what it finds. */
interface Exception {
  readonly rule: string;
  readonly at: RegExp;
  readonly reason: string;
}

const everywhere = /^/;
/** What requests are made of is seen from their operations; a component may be part of both. */
const inAnswers = /^(paths\/.+\/responses\/|components\/(responses|schemas\/(?!\w+Input\/)))/;
const publicRoutes =
  /^paths\/(\/v1\/config\/get|\/bff\/(login|callback|signed-in)\/get|\/bff\/backchannel-logout\/post)\//;

export const exceptions: readonly Exception[] = [
  {
    rule: 'oas3-operation-security-defined',
    at: /\/security\/\d+\/(session|bearer)\/\d+$/,
    reason: 'knows OpenAPI 3.0 only: since 3.1 any scheme may list what it needs, which for both are scopes',
  },
  {
    rule: 'owasp:api8:2023-define-cors-origin',
    at: everywhere,
    reason: 'CORS stays off: frontends and their gateway have one origin, or are no browsers',
  },
  {
    rule: 'owasp:api4:2023-string-restricted',
    at: everywhere,
    reason: 'names, titles and what is searched for are free text; what comes in is limited in length',
  },
  {
    rule: 'owasp:api4:2023-string-limit',
    at: inAnswers,
    reason: 'guards a gateway against what it is sent; how long a title is is for the service to say',
  },
  {
    rule: 'owasp:api4:2023-array-limit',
    at: inAnswers,
    reason:
      'guards a gateway against what it is sent; how long a list is is for the loader of its section to say',
  },
  {
    rule: 'owasp:api2:2023-read-restricted',
    at: publicRoutes,
    reason: 'open to everybody on purpose: it is on the list in routes.spec.ts',
  },
  {
    rule: 'owasp:api8:2023-define-error-responses-401',
    at: publicRoutes,
    reason: 'nobody has to sign in there',
  },
  {
    rule: 'owasp:api2:2023-write-restricted',
    at: publicRoutes,
    reason: 'the identity provider shows by the signature of what it sends that it is the one',
  },
  {
    rule: 'owasp:api7:2023-concerning-url-parameter',
    at: /^paths\/\/bff\/(login|signed-in)\/get\/parameters\//,
    reason: 'a path of this site, which the gateway never fetches: return-url.spec.ts tries to leave it',
  },
  {
    rule: 'operation-2xx-response',
    at: /^paths\/\/bff\/(login|callback)\/get\//,
    reason: 'they send the browser on, and answer with nothing',
  },
];

/** What Redocly's strictest rules find, a line each, without the exceptions. */
export async function lintWithRedocly(document: OpenApiDocument): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended-strict'] });
  const source = JSON.stringify(document);
  const found = await lintFromString({ source, absoluteRef: '/openapi.json', config });
  return found
    .map(({ ruleId, message, location }) => ({ code: ruleId, path: pathOf(location[0]?.pointer), message }))
    .filter((finding) => !isExcepted(finding))
    .map(describe);
}

/** `#/paths/~1bff~1user/get` → `paths`, `/bff/user`, `get` (RFC 6901). */
function pathOf(pointer = ''): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What Spectral's rules for OpenAPI and all of its OWASP rules find, a line each, without the exceptions. */
export async function lintWithSpectral(document: OpenApiDocument): Promise<string[]> {
  const linter = new spectral.Spectral();
  linter.setRuleset(
    new spectral.Ruleset({
      extends: [
        [rulesets.oas, 'recommended'],
        [owasp, 'all'],
      ],
    }),
  );
  const found = await linter.run({ ...document });
  return found.filter((result) => !isExcepted(result)).map(describe);
}

type Finding = Pick<IRuleResult, 'code' | 'path' | 'message'>;

function isExcepted({ code, path }: Finding): boolean {
  return exceptions.some(({ rule, at }) => rule === code && at.test(path.join('/')));
}

function describe({ code, path, message }: Finding): string {
  return `${code} at ${path.join('/')}: ${message}`;
}
