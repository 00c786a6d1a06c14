import type { IncomingHttpHeaders } from 'node:http';
import { decodeJwt } from 'jose';

/**
 * Answers whether a token is still good (RFC 7662): one that was issued here and not revoked, until it expires. Takes
 * one client, by HTTP Basic, and counts how often it was asked.
 */
export class IntrospectionPoint {
  /** Every character that a form must escape (RFC 6749, section 2.3.1) is somewhere in it. */
  readonly client = { id: 'gateway:test', secret: 'a secret+/%&=' };
  asked = 0;
  private readonly good = new Set<string>();

  issue(token: string): void {
    this.good.add(token);
  }

  revoke(token: string): void {
    this.good.delete(token);
  }

  answer({ authorization }: IncomingHttpHeaders, body: string): { status: number; body: string } {
    this.asked += 1;
    if (!this.isOurClient(authorization)) return { status: 401, body: '{"error":"invalid_client"}' };
    const token = new URLSearchParams(body).get('token');
    if (token === null) return { status: 400, body: '{"error":"invalid_request"}' };
    return { status: 200, body: JSON.stringify(this.isGood(token) ? this.active(token) : { active: false }) };
  }

  private isOurClient(authorization: string | undefined): boolean {
    const text = Buffer.from(authorization?.replace(/^Basic /, '') ?? '', 'base64').toString();
    const [id = '', secret = ''] = text.split(':');
    const decoded = new URLSearchParams(`id=${id}&secret=${secret}`);
    return decoded.get('id') === this.client.id && decoded.get('secret') === this.client.secret;
  }

  private isGood(token: string): boolean {
    return this.good.has(token) && Number(decodeJwt(token).exp) > Date.now() / 1_000;
  }

  private active(token: string): object {
    const { iss, sub, exp } = decodeJwt(token);
    return { active: true, token_type: 'Bearer', iss, sub, exp };
  }
}
