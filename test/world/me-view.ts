import { Controller, Get, Module } from '@nestjs/common';
import { Caller } from '@bff/auth';
import { UsersClient, UsersClientModule } from '@bff/clients';
import { defineView, Renders, required } from '@bff/views';
import { z } from 'zod';

/** `GET /me`: the caller's name, in one call to the user service. */
export function meModule(options: { readonly freshFor?: `${number}s` } = {}) {
  const Me = defineView('Me', { user: required(z.object({ name: z.string() })) }, options);

  @Controller('me')
  class MeController {
    constructor(private readonly users: UsersClient) {}

    @Get()
    @Renders(Me)
    me(@Caller() me: Caller) {
      return Me.load({ user: () => this.users.get(me.id) });
    }
  }

  @Module({ imports: [UsersClientModule], controllers: [MeController] })
  class MeModule {}
  return MeModule;
}
