import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import type { z } from 'zod';
import { deviceHeadersOf } from '../device/device.decorator.js';

/** What a handler takes of a request. */
export interface RouteInput {
  readonly from: 'path' | 'query' | 'body';
  /** Undefined: all of the query, or all of the body. */
  readonly name: string | undefined;
  /** What it is checked against; undefined: a path parameter that is taken as it comes. */
  readonly schema: z.ZodType | undefined;
}

interface Argument {
  readonly data?: string;
  /** Of a decorator that is not Nest's own. */
  readonly factory?: unknown;
  readonly schema?: z.ZodType;
}

const sources = new Map<number, RouteInput['from']>([
  [RouteParamtypes.PARAM, 'path'],
  [RouteParamtypes.QUERY, 'query'],
  [RouteParamtypes.BODY, 'body'],
]);

/** The `@Param`, `@Query` and `@Body` of a controller's method, in the order of its parameters. */
export function readRouteInputs(controller: object, method: string): RouteInput[] {
  return Object.entries(argumentsOf(controller, method))
    .map(([key, argument]) => [key.split(':').map(Number), argument] as const)
    .toSorted(([[, one = 0]], [[, other = 0]]) => one - other)
    .flatMap(([[type = -1], { data, schema }]) => {
      const from = sources.get(type);
      return from === undefined ? [] : { from, name: data, schema };
    });
}

/** The headers of a device on which its answers depend. */
export function readDeviceHeaders(controller: object, method: string): string[] {
  return Object.values(argumentsOf(controller, method)).flatMap(deviceHeadersOf);
}

function argumentsOf(controller: object, method: string): Record<string, Argument> {
  const declared: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) ?? {};
  return declared as Record<string, Argument>;
}
