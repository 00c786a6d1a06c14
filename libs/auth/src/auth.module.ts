import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { ConfigurableModuleClass } from './auth.options.js';
import { AuthenticateGuard } from './authenticate.guard.js';
import { Callers } from './callers.js';
import { IssuerKeys } from './issuer-keys.js';
import { ScopesGuard } from './scopes.guard.js';

@Module({
  imports: [HttpModule],
  providers: [IssuerKeys, Callers, AuthenticateGuard, ScopesGuard],
  exports: [AuthenticateGuard, Callers, ScopesGuard],
})
export class AuthModule extends ConfigurableModuleClass {}
