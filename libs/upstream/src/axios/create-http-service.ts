import { HttpService } from '@nestjs/axios';
import { create } from 'axios';
import type { HttpEngine } from '../http/http-engine.js';
import { createAxiosAdapter } from './axios-adapter.js';

/** An HttpService of `@nestjs/axios` whose every call goes to one upstream, through its engine. */
export function createHttpService(http: HttpEngine): HttpService {
  return new HttpService(create({ baseURL: `http://${http.name}`, adapter: createAxiosAdapter(http) }));
}
