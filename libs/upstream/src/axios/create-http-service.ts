import { HttpService } from '@nestjs/axios';
import { create } from 'axios';
import type { HttpUpstream } from '../http/http-upstream.js';
import { createAxiosAdapter } from './axios-adapter.js';

/** An HttpService of `@nestjs/axios` whose every call goes to one upstream, through its engine. */
export function createHttpService(upstream: HttpUpstream): HttpService {
  const baseURL = `http://${upstream.http.name}`;
  return new HttpService(create({ baseURL, adapter: createAxiosAdapter(upstream) }));
}
