import type { NestExpressApplication } from '@nestjs/platform-express';

const preflightSeconds = 600;

/** Pages of these origins may call this gateway, with cookies, and read what it answers. Without any, CORS is off. */
export function allowOrigins(app: NestExpressApplication, origins: readonly string[]): void {
  if (origins.length === 0) return;
  app.enableCors({
    origin: [...origins],
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: [
      'ETag',
      'Location',
      'Proxy-Status',
      'RateLimit',
      'RateLimit-Policy',
      'Retry-After',
      'WWW-Authenticate',
      'X-Incomplete',
      'X-Request-Id',
    ],
    maxAge: preflightSeconds,
  });
}
