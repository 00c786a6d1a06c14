import 'reflect-metadata';
import { HttpModule, HttpService } from '@nestjs/axios';
import { Controller, Get, Headers, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { forkJoin, map, type Observable } from 'rxjs';
import type { Order, Product, User } from '../upstream/answers.js';
import { config, tellReady } from './config.js';
import { type Dashboard, toDashboard } from './to-dashboard.js';

@Controller('api/dashboard')
class DashboardController {
  constructor(private readonly http: HttpService) {}

  @Get()
  dashboard(@Headers('x-user-id') id: string): Observable<Dashboard> {
    return forkJoin({
      user: this.http.get<User>(`${config.users}/users/${id}`).pipe(map(({ data }) => data)),
      orders: this.http.get<Order[]>(`${config.orders}/orders-of/${id}`).pipe(map(({ data }) => data)),
      recommendations: this.http
        .get<Product[]>(`${config.catalog}/recommendations-for/${id}`)
        .pipe(map(({ data }) => data)),
    }).pipe(map(toDashboard));
  }
}

@Module({ imports: [HttpModule], controllers: [DashboardController] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
await app.listen(config.port, '127.0.0.1');
tellReady();
