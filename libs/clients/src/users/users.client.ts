import { Injectable } from '@nestjs/common';
import { HttpUpstream, path, Upstream } from '@bff/upstream';
import { z } from 'zod';

/** A user as the screens need it; the service answers with more. */
export const User = z.object({ id: z.string(), name: z.string(), email: z.string() });
export type User = z.infer<typeof User>;

/** The user service: HTTP and JSON. */
@Injectable()
export class UsersClient {
  constructor(@Upstream('users') private readonly users: HttpUpstream) {}

  get(id: string): Promise<User> {
    return this.users.get(path`/users/${id}`, User);
  }
}
