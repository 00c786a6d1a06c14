import { jwtVerify } from 'jose';
import { z } from 'zod';

import { describeRefusal } from './describe-refusal.js';
import type { GatewayKeys } from './gateway-keys.js';
import { NotThroughGatewayError } from './not-through-gateway.error.js';

/** What a gateway says about a call. */
export interface GatewayCall {
  /** `urn:bff:<name>` */
  gateway: string;
  /** Absent when the gateway calls for nobody. */
  userId?: string | undefined;
  scopes: ReadonlySet<string>;
}

const lifeSeconds = 60;
const skewSeconds = 30;
const longestAssertion = 8 * 1024;
const rememberedAtMost = 1_000;

const Claims = z.object({
  iss: z.string().regex(/^urn:bff:[^\s:]+$/),
  sub: z.string().min(1).optional(),
  scope: z.string().optional(),
  iat: z.number(),
  exp: z.number(),
});

interface Remembered {
  call: GatewayCall;
  untilSeconds: number;
}

/**
 * Verifies the assertions that gateways send in `x-identity-assertion`: a JWS that names the service and the caller, and
 * lives for a minute. Made for one service; several may share their keys.
 */
export class AssertionVerifier {
  readonly #remembered = new Map<string, Remembered>();

  /** `audience` is the service's own name, as gateways call it. */
  constructor(
    private readonly audience: string,
    private readonly keys: GatewayKeys,
    private readonly nowMs: () => number = Date.now,
  ) {}

  /** Rejects with NotThroughGatewayError. */
  async verify(assertion: string | undefined): Promise<GatewayCall> {
    if (!assertion) throw new NotThroughGatewayError('The call has no x-identity-assertion.');
    if (assertion.length > longestAssertion) throw new NotThroughGatewayError('The assertion is too long.');
    const remembered = this.#remembered.get(assertion);
    if (remembered && remembered.untilSeconds > this.nowMs() / 1_000) return remembered.call;
    this.#remembered.delete(assertion);
    return this.#remember(assertion, await this.#check(assertion));
  }

  async #check(assertion: string): Promise<z.infer<typeof Claims>> {
    const { audience } = this;
    try {
      const { payload } = await jwtVerify(assertion, ({ kid }) => this.#findKey(kid), {
        algorithms: ['ES256'],
        typ: 'bff-identity+jwt',
        audience,
        requiredClaims: ['iss', 'iat', 'exp'],
        maxTokenAge: lifeSeconds,
        clockTolerance: skewSeconds,
        currentDate: new Date(this.nowMs()),
      });
      if (payload.aud !== audience) throw new NotThroughGatewayError(`It is not for ${audience} alone.`);
      return Claims.parse(payload);
    } catch (error) {
      throw error instanceof NotThroughGatewayError
        ? error
        : new NotThroughGatewayError(describeRefusal(error, audience));
    }
  }

  async #findKey(kid: string | undefined) {
    const key = kid === undefined ? undefined : await this.keys.find(kid);
    if (key) return key;
    throw new NotThroughGatewayError('The assertion is signed with a key that no trusted gateway publishes.');
  }

  #remember(assertion: string, { iss, sub, scope = '', iat, exp }: z.infer<typeof Claims>): GatewayCall {
    const call = { gateway: iss, userId: sub, scopes: new Set(scope.split(' ').filter(Boolean)) };
    const oldest = this.#remembered.keys().next();
    if (this.#remembered.size >= rememberedAtMost && !oldest.done) this.#remembered.delete(oldest.value);
    this.#remembered.set(assertion, { call, untilSeconds: Math.min(exp, iat + lifeSeconds) });
    return call;
  }
}
