import type { Request, Response } from 'express';
import passport from 'passport';
import { Strategy, type VerifiedCallback } from 'passport-jwt';
import type { BearerOptions } from './bearer.options.js';
import type { IssuerKeys } from './issuer-keys.js';
import { readPresentedToken } from './bearer-token.js';
import { clockSkewSeconds, readClaims, type VerifiedToken } from './token-claims.js';
import { acceptedAlgorithms, readTokenHeader } from './token-header.js';

/** Verifies the bearer token of a request. Rejects with the reason, which is for the log only. */
export type VerifyBearer = (request: Request, response: Response) => Promise<VerifiedToken>;

/** A Passport of its own: the global one would mix up several gateways in one process. */
export function createBearerVerifier(options: BearerOptions, keys: IssuerKeys): VerifyBearer {
  const authenticator = new passport.Passport();
  authenticator.use('bearer', createStrategy(options, keys));
  return (request, response) =>
    new Promise((resolve, reject) => {
      const onVerdict = (error: unknown, token?: VerifiedToken | false, why?: unknown): void => {
        if (token) resolve(token);
        else reject(error ?? why);
      };
      const authenticate = authenticator.authenticate('bearer', { session: false }, onVerdict) as Middleware;
      authenticate(request, response, reject);
    });
}

type Middleware = (request: Request, response: Response, next: (error?: unknown) => void) => void;

function createStrategy({ issuer, audience }: BearerOptions, keys: IssuerKeys): Strategy {
  return new Strategy(
    {
      jwtFromRequest: (request) => readPresentedToken(request)?.token ?? null,
      secretOrKeyProvider: (_request: Request, token: string, done) => {
        findKey(keys, token).then(
          (key) => done(null, key as never),
          (error: unknown) => done(error, undefined),
        );
      },
      algorithms: [...acceptedAlgorithms],
      issuer,
      audience,
      jsonWebTokenOptions: { clockTolerance: clockSkewSeconds },
    },
    (claims: Record<string, unknown>, done: VerifiedCallback) => {
      try {
        done(null, readClaims(claims));
      } catch (error) {
        done(null, false, error);
      }
    },
  );
}

async function findKey(keys: IssuerKeys, token: string): Promise<unknown> {
  const { alg, kid } = readTokenHeader(token);
  const key = await keys.find(kid);
  if (key === undefined) throw new Error('the issuer has no such key');
  if (key.alg !== undefined && key.alg !== alg) throw new Error(`the key is for ${key.alg}`);
  return key.key;
}
