export { accessTokenOf } from './access-token.js';
export { isPublic, Public, Scopes, scopesOf } from './access.js';
export { AuthModule } from './auth.module.js';
export type { AuthOptions } from './auth.options.js';
export { AuthenticateGuard } from './authenticate.guard.js';
export { Caller } from './caller.decorator.js';
export { Callers } from './callers.js';
export { ScopesGuard } from './scopes.guard.js';
