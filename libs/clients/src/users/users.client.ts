import { Injectable } from '@nestjs/common';
import { HttpUpstream, path, Upstream } from '@bff/upstream';
import { z } from 'zod';

/** A user as the screens need it; the service answers with more. */
export const User = z.object({
  id: z.string().meta({ examples: ['7'] }),
  name: z.string().meta({ examples: ['Ada Lovelace'] }),
  email: z.string().meta({ examples: ['ada@example.com'] }),
});
export type User = z.infer<typeof User>;

/** The user service: HTTP and JSON. */
@Injectable()
export class UsersClient {
  constructor(@Upstream('users') private readonly users: HttpUpstream) {}

  get(id: string): Promise<User> {
    return this.users.get(path`/users/${id}`, User);
  }
}
