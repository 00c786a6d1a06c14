import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { ConfigurableModuleClass } from './auth.options.js';
import { AuthenticateGuard } from './authenticate.guard.js';
import { AuditLog } from './audit/audit-log.js';
import { SessionEnds } from './session/session-ends.js';
import { Sessions } from './session/sessions.js';
import { TokenRefresh } from './session/token-refresh.js';
import { BackChannelLogout } from './sign-in/back-channel-logout.js';
import { IdentityProvider } from './sign-in/identity-provider.js';
import { SignIn } from './sign-in/sign-in.js';
import { SignOut } from './sign-in/sign-out.js';
import { StepUpGuard } from './step-up.guard.js';
import { ApiKeyMethod } from './api-key/api-key.method.js';
import { BearerMethod } from './bearer/bearer.method.js';
import { Callers } from './methods/callers.js';
import { SessionMethod } from './session/session.method.js';
import { IssuerKeys } from './bearer/issuer-keys.js';
import { ScopesGuard } from './scopes.guard.js';

@Module({
  imports: [HttpModule],
  providers: [
    IssuerKeys,
    ApiKeyMethod,
    BearerMethod,
    SessionMethod,
    Callers,
    AuditLog,
    SessionEnds,
    Sessions,
    TokenRefresh,
    IdentityProvider,
    SignIn,
    SignOut,
    BackChannelLogout,
    AuthenticateGuard,
    ScopesGuard,
    StepUpGuard,
  ],
  exports: [
    ApiKeyMethod,
    AuthenticateGuard,
    BackChannelLogout,
    Callers,
    ScopesGuard,
    SessionEnds,
    SessionMethod,
    Sessions,
    SignIn,
    SignOut,
    StepUpGuard,
  ],
})
export class AuthModule extends ConfigurableModuleClass {}
