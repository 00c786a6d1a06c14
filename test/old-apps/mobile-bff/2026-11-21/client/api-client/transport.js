import { readAnswer, readFailure } from './read-answer.js';
import { readRecords } from './read-records.js';
import { toHeaders, toTarget } from './request.js';
export function createTransport(options = {}) {
  const send = async (call, callOptions, accept) => {
    const url = (options.baseUrl ?? '').replace(/\/+$/, '') + toTarget(call, callOptions);
    const response = await (options.fetch ?? fetch)(url, {
      method: call.method,
      headers: {
        ...toHeaders(call, callOptions, accept),
        ...(options.csrf === true ? { 'x-csrf': '1' } : {}),
        ...(await options.headers?.()),
        ...callOptions.headers,
      },
      credentials: options.credentials ?? 'same-origin',
      body: call.body === undefined ? null : JSON.stringify(call.body),
      signal: callOptions.signal ?? null,
    });
    if (response.ok || response.status === 304) return response;
    throw await readFailure(response);
  };
  return {
    call: async (call, callOptions = {}) =>
      await readAnswer(await send(call, callOptions, 'application/json')),
    async *stream(call, callOptions = {}) {
      const response = await send(call, callOptions, 'application/x-ndjson');
      yield* readRecords(response, callOptions.signal);
    },
  };
}
