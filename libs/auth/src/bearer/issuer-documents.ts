import type { HttpService } from '@nestjs/axios';
import { firstValueFrom } from 'rxjs';

const maxDocumentBytes = 256 * 1024;

export type Metadata = Readonly<Record<string, unknown>>;

/** JSON from an address that the issuer has named; no redirect is followed. Rejects when there is none. */
export async function fetchDocument(http: HttpService, url: string, signal: AbortSignal): Promise<unknown> {
  const limits = { signal, maxRedirects: 0, maxContentLength: maxDocumentBytes };
  const answer = await firstValueFrom(http.get<unknown>(url, { ...limits, responseType: 'json' }));
  return answer.data;
}

/** The issuer's discovery document (OpenID Connect Discovery, section 4). Rejects when it is that of another. */
export async function fetchMetadata(
  http: HttpService,
  issuer: string,
  signal: AbortSignal,
): Promise<Metadata> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const metadata = (await fetchDocument(http, url, signal)) as Metadata;
  if (metadata['issuer'] !== issuer)
    throw new Error(`${url} speaks for another issuer: ${String(metadata['issuer'])}`);
  return metadata;
}
