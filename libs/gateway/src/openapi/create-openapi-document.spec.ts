import { z } from 'zod';
import type { DeclaredRoute } from '../management/route-table.js';
import { createOpenApiDocument } from './create-openapi-document.js';
import type { Access } from './security.js';

const definition = {
  name: 'tv-bff',
  module: class {},
  port: 0,
  managementPort: 0,
  file: '/nowhere/gateway.yaml',
  methods: [],
  meta: 'always',
} as const;

const route: DeclaredRoute = {
  method: 'GET',
  path: '/api/watched',
  access: 'caller',
  anyAppVersion: false,
  scopes: ['shows:read'],
  view: undefined,
  answer: {
    operation: 'getWatched',
    name: 'Watched',
    schema: z.object({ shows: z.array(z.string()) }),
    description: 'What was watched.',
  },
  controller: 'WatchedController',
  status: 200,
  inputs: [],
  takesForm: false,
  idempotency: undefined,
  stepUp: undefined,
  ownProblems: [],
  deviceHeaders: [],
};

const document = (access: Omit<Access, 'session'>, declared: Partial<DeclaredRoute> = {}) =>
  createOpenApiDocument(definition, { ...access, session: { gateway: 'tv-bff' } }, [
    { ...route, ...declared },
  ]);

const operationOf = (...given: Parameters<typeof document>) => {
  const made = document(...given);
  const operation = Object.values(Object.values(made.paths)[0] ?? {})[0];
  if (operation === undefined) throw new Error('no operation');
  return { ...made.components, operation };
};

test.each<[string, Omit<Access, 'session'>, string[]]>([
  ['sessions', { methods: ['session'] }, ['session']],
  ['tokens', { methods: ['bearer'] }, ['bearer']],
  ['tokens, bound to a key or not', { methods: ['bearer'], dpop: 'optional' }, ['bearer', 'dpop']],
  ['tokens bound to a key', { methods: ['bearer'], dpop: 'required' }, ['dpop']],
  ['sessions and keys', { methods: ['session', 'api-key'] }, ['session', 'apiKey']],
])('a gateway that takes %s says so, with the scopes of the route', (_name, access, schemes) => {
  const { operation, securitySchemes } = operationOf(access);
  expect(operation.security).toEqual(schemes.map((scheme) => ({ [scheme]: ['shows:read'] })));
  expect(Object.keys(securitySchemes)).toEqual(schemes);
});

test('the header against forgery is required where a cookie is the only way in, and known where it is one of several', () => {
  const csrf = { $ref: '#/components/parameters/Csrf' };
  const only = operationOf({ methods: ['session'] });
  expect([only.operation.parameters[0], only.parameters['Csrf']?.required]).toEqual([csrf, true]);
  const several = operationOf({ methods: ['session', 'bearer'] });
  expect([several.operation.parameters[0], several.parameters['Csrf']?.required]).toEqual([csrf, false]);
  const none = operationOf({ methods: ['bearer'] });
  expect(none.operation.parameters).not.toContainEqual(csrf);
  expect(none.parameters).not.toHaveProperty('Csrf');
});

test('problems are those that can happen there: none of sessions where there are none', () => {
  const withSessions = operationOf({ methods: ['session'] });
  expect(withSessions.responses['Forbidden']?.description).toContain('cross_site_request');
  expect(withSessions.responses['ServiceUnavailable']?.description).toContain('sessions_unavailable');
  const withTokens = operationOf({ methods: ['bearer'] });
  expect(withTokens.responses['Forbidden']?.description).not.toContain('cross_site_request');
  expect(withTokens.responses['ServiceUnavailable']?.description).not.toContain('sessions_unavailable');
  const open = operationOf({ methods: ['session'] }, { access: 'public', scopes: [] });
  expect(Object.keys(open.operation.responses)).not.toEqual(expect.arrayContaining(['401']));
  expect(Object.keys(open.operation.responses)).not.toEqual(expect.arrayContaining(['403']));
});

test('a route that wants a stronger sign-in says which, and how it refuses a weaker one', () => {
  const stepUp = { acrValues: ['urn:one', 'urn:two'], maxAgeSeconds: 300 };
  const { operation, responses } = operationOf({ methods: ['session'] }, { stepUp });
  expect(operation.description).toContain(
    'Needs a sign-in by `urn:one` or `urn:two` no more than 300 s ago.',
  );
  expect(responses['Unauthorized']?.description).toContain('step_up_required');
  expect(operationOf({ methods: ['session'] }).responses['Unauthorized']?.description).not.toContain(
    'step_up',
  );
});

test('what is for people says its problems as pages too, what sends them on has no body', () => {
  const answer = { operation: 'signIn', description: 'To the provider.', form: 'page' } as const;
  const { operation, responses } = operationOf({ methods: ['session'] }, { answer, status: 302 });
  expect(operation.responses['302']).not.toHaveProperty('content');
  expect(operation.responses['400']).toEqual({ $ref: '#/components/responses/BadRequestPage' });
  expect(Object.keys(responses['BadRequestPage']?.content ?? {})).toContain('text/html');
});
