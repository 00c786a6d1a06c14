import { createServer } from 'node:http';
import { listen } from '@bff/testing';
import { z } from 'zod';

/** What the service of a token world answers with. */
export const Answer = z.object({ ok: z.boolean() });

interface TokenRequest {
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
}

/** A token endpoint, which issues `token-1`, `token-2` …, and a service that takes what `accepted` says. */
export async function startTokenWorld(expiresInSeconds = 300) {
  const asked: TokenRequest[] = [];
  const tokens: (string | undefined)[] = [];
  const world = {
    /** What was asked of the token endpoint, and what the service was sent. */
    asked,
    tokens,
    isDown: false,
    isHanging: false,
    /** Instead of its usual answer. */
    status: 200,
    body: undefined as string | undefined,
    accepted: (_authorization: string) => true,
  };
  const provider = await listen(
    createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        asked.push({ authorization: request.headers.authorization, form: new URLSearchParams(text) });
        if (world.isHanging) return;
        if (world.isDown) return void response.writeHead(500).end('internal words');
        const token = {
          access_token: `token-${asked.length}`,
          token_type: 'Bearer',
          expires_in: expiresInSeconds,
        };
        response.writeHead(world.status, { 'content-type': 'application/json' });
        response.end(world.body ?? JSON.stringify(token));
      });
    }),
  );
  const service = await listen(
    createServer((request, response) => {
      const token = request.headers.authorization;
      tokens.push(token);
      response.writeHead(world.accepted(token ?? '') ? 200 : 401, { 'content-type': 'application/json' });
      response.end('{"ok":true}');
    }),
  );
  return Object.assign(world, {
    tokenUrl: `${provider.url}/token`,
    serviceUrl: service.url,
    close: async () => {
      await provider.close();
      await service.close();
    },
  });
}
