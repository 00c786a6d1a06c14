import type { HttpService } from '@nestjs/axios';
import { isAxiosError } from 'axios';
import { firstValueFrom } from 'rxjs';
import type { IntrospectionOptions } from './bearer.options.js';
import { fetchMetadata } from './issuer-documents.js';

/** For discovery and question together. */
const timeoutMs = 1_500;
const maxAnswerBytes = 64 * 1024;

/** Where the issuer says whether a token is active (RFC 7662). */
export class IntrospectionEndpoint {
  private url: string | undefined;

  constructor(
    private readonly issuer: string,
    private readonly options: IntrospectionOptions,
    private readonly http: HttpService,
  ) {}

  /** Rejects within a short, bounded time; what with is for `describeFailure` only, as it holds what was sent. */
  async ask(token: string): Promise<boolean> {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      this.url ??= this.options.url ?? (await this.discover(signal));
      return await this.post(this.url, token, signal);
    } catch (error) {
      this.url = undefined;
      throw error;
    }
  }

  private async discover(signal: AbortSignal): Promise<string> {
    const { introspection_endpoint: url } = await fetchMetadata(this.http, this.issuer, signal);
    if (typeof url !== 'string') throw new Error('the discovery document names no introspection_endpoint');
    // The token goes there, and our secret.
    if (this.issuer.startsWith('https:') && !url.startsWith('https:'))
      throw new Error('the introspection_endpoint is not https');
    return url;
  }

  private async post(url: string, token: string, signal: AbortSignal): Promise<boolean> {
    const form = new URLSearchParams({ token, token_type_hint: 'access_token' });
    const headers = { accept: 'application/json', authorization: this.credentials() };
    const limits = { signal, maxRedirects: 0, maxContentLength: maxAnswerBytes };
    const answer = await firstValueFrom(
      this.http.post<unknown>(url, form, { ...limits, headers, responseType: 'json' }),
    );
    const active = (answer.data as { readonly active?: unknown } | null)?.active;
    if (typeof active !== 'boolean') throw new Error('the answer has no active');
    return active;
  }

  /** RFC 6749, section 2.3.1. */
  private credentials(): string {
    const { clientId, clientSecret } = this.options;
    const encode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
    return `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString('base64')}`;
  }
}

/** For the log: with the issuer's error code, which tells a wrong secret from an outage. */
export function describeFailure(error: unknown): string {
  const data: unknown = isAxiosError(error) ? error.response?.data : undefined;
  const code = typeof data === 'object' && data !== null && 'error' in data ? ` (${String(data.error)})` : '';
  return `${String(error)}${code}`;
}
