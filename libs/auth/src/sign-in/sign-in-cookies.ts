import { createHash } from 'node:crypto';
import { clearCookie, cookieName, readCookies, writeCookie } from '../session/cookies.js';
import { SealedBox } from '../session/sealed-box.js';
import type { SessionOptions } from '../session/session.options.js';
import { SignInRequest } from './sign-in-request.js';

/** As long as a user may take at the provider. */
export const signInTtlSeconds = 10 * 60;
/** Tabs of one browser that may sign in at one time; beyond it the oldest has to begin anew. */
const maxRequests = 5;
/** Of all of them together. They come with each request, whose head has room for 16 KiB; beyond that nothing works. */
const maxBytesTogether = 8 * 1024;

/**
 * Attempts to sign in, each in a sealed cookie of its own: the browser that began is the only one that can finish, and
 * whoever begins often fills nobody's memory. `Lax`, because the provider sends the browser back from another site.
 */
export class SignInCookies {
  private readonly box: SealedBox;
  private readonly prefix: string;

  constructor({ gateway, secrets }: SessionOptions) {
    this.box = new SealedBox(secrets, 'sign-in');
    this.prefix = cookieName(gateway, 'sign-in-');
  }

  /** `Set-Cookie` lines that add this one to those that the browser has, and make the oldest of too many go. */
  add(request: SignInRequest, header: string | undefined): string[] {
    const added = this.write(this.nameOf(request.state), request);
    const others = this.all(header).toSorted((a, b) => b.startedAtMs - a.startedAtMs);
    let bytes = added.length;
    const tooMany = others.filter((other, index) => {
      bytes += other.bytes;
      return index >= maxRequests - 1 || bytes > maxBytesTogether;
    });
    return [...tooMany.map(({ name }) => clearCookie(name)), added];
  }

  /** `Set-Cookie` lines by which the other attempts of this browser replace the session that `state` has come to. */
  replaceLater(key: string, state: string, header: string | undefined): string[] {
    return this.all(header).flatMap(({ name, request }) =>
      request === undefined || request.state === state ? [] : [this.write(name, request.replacing(key))],
    );
  }

  /** Undefined: this browser has not begun this one, or too long ago. */
  find(state: string, header: string | undefined): SignInRequest | undefined {
    const name = this.nameOf(state);
    const request = this.all(header).find((one) => one.name === name)?.request;
    return request?.state === state ? request : undefined;
  }

  clear(state: string): string {
    return clearCookie(this.nameOf(state));
  }

  /** Those of the header that are ours; what does not open counts as the oldest. */
  private all(header: string | undefined) {
    const ours = readCookies(header).filter(([name]) => name.startsWith(this.prefix));
    return ours.map(([name, sealed]) => {
      const text = this.box.open(sealed, name);
      const request = text === undefined ? undefined : SignInRequest.fromText(text);
      const startedAtMs = request?.startedAtMs ?? 0;
      const isOver = Date.now() - startedAtMs > signInTtlSeconds * 1_000;
      return { name, startedAtMs, request: isOver ? undefined : request, bytes: name.length + sealed.length };
    });
  }

  private write(name: string, request: SignInRequest): string {
    const sealed = this.box.seal(request.toText(), name);
    return writeCookie(name, sealed, { sameSite: 'Lax', maxAgeSeconds: signInTtlSeconds });
  }

  private nameOf(state: string): string {
    return this.prefix + createHash('sha256').update(state).digest('base64url').slice(0, 16);
  }
}
