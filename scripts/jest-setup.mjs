// @nestjs/throttler is CommonJS and requires the ESM-only NestJS. Jest runs CommonJS while it still links the ESM
// around it, so what it requires must have been evaluated before.
import '@nestjs/common';
import '@nestjs/core';
