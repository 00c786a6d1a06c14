import { UpstreamError } from '@bff/problem';
import type { CustomFetch } from 'openid-client';

/** The name under which failures of the provider are told. */
export const providerName = 'identity';
/** A sign-in needs three requests at most, and is to be answered within 10 s whatever becomes of them. */
const requestTimeoutMs = 3_000;
const maxBytes = 256 * 1024;

/**
 * `fetch` for everything that the provider is asked: within 3 s, 256 KiB at most, no redirects. Rejects with
 * UpstreamError when the provider cannot be reached, fails by itself (5xx), or answers with what is no JSON object.
 */
export const fetchFromProvider: CustomFetch = async (url, options) => {
  const timeout = AbortSignal.timeout(requestTimeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  try {
    const answer = await fetch(url, { ...(options as RequestInit), signal });
    const text = await readText(answer);
    if (answer.status >= 500) throw failure('bad_response', `HTTP ${answer.status}`);
    if (answer.ok && !isAnswer(answer, text)) throw failure('bad_response', 'no JSON object');
    const { status, statusText, headers } = answer;
    return keepUrl(new Response(isBodiless(status) ? null : text, { status, statusText, headers }), answer);
  } catch (error) {
    if (error instanceof UpstreamError) throw error;
    throw failure(timeout.aborted ? 'timeout' : 'unreachable', undefined, { cause: error });
  }
};

async function readText(answer: Response): Promise<string> {
  let bytes = 0;
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw failure('bad_response', `more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Only a revocation has nothing to say, and then does not call it JSON. */
function isAnswer({ headers }: Response, text: string): boolean {
  const isNothing = text === '' && headers.get('content-type')?.includes('json') !== true;
  return isNothing || isJsonObject(text);
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** The library looks at where an answer came from. */
function keepUrl(made: Response, { url }: Response): Response {
  Object.defineProperty(made, 'url', { value: url });
  return made;
}

function isBodiless(status: number): boolean {
  return status === 204 || status === 304;
}

function failure(reason: 'timeout' | 'unreachable' | 'bad_response', text?: string, options?: ErrorOptions) {
  return new UpstreamError(providerName, reason, text, options);
}
