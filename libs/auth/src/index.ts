export { accessTokenOf } from './access-token.js';
export {
  isPublic,
  Public,
  type RequiredAuthentication,
  Scopes,
  scopesOf,
  StepUp,
  stepUpOf,
} from './access.js';
export { type ApiKeyEntry, findApiKeyMistakes } from './api-key/api-key-entry.js';
export { ApiKeyMethod } from './api-key/api-key.method.js';
export { AssertionSigner } from './assertion/assertion-signer.js';
export { carryProof } from './bearer/proven-connections.js';
export { callerKey } from './assertion/caller-key.js';
export { AuthModule } from './auth.module.js';
export type { AuthOptions } from './auth.options.js';
export { AuthenticateGuard } from './authenticate.guard.js';
export { Caller } from './caller.decorator.js';
export { Callers } from './methods/callers.js';
export { methodNames, type MethodName } from './methods/authentication-method.js';
export { requireScopes, ScopesGuard } from './scopes.guard.js';
export { type LiveSession, sessionOf } from './session/live-session.js';
export { clearCookie, cookieName } from './session/cookies.js';
export { type EndReason, endReasons, SessionEnds } from './session/session-ends.js';
export { SessionMethod } from './session/session.method.js';
export type { SessionOptions } from './session/session.options.js';
export type { Session } from './session/session.js';
export { Sessions } from './session/sessions.js';
export { BackChannelLogout } from './sign-in/back-channel-logout.js';
export { readReturnUrl } from './sign-in/return-url.js';
export { SignIn, type SignInStep } from './sign-in/sign-in.js';
export type { SignInWishes } from './sign-in/sign-in-request.js';
export { SignOut } from './sign-in/sign-out.js';
export { StepUpGuard } from './step-up.guard.js';
