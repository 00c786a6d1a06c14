import { type INestApplication, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/internal';
import { MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { isPublic, scopesOf } from '@bff/auth';
import { viewOf } from '@bff/views';

/** One route of a gateway, as `/routes` shows it. */
export interface RouteEntry {
  readonly method: string;
  readonly path: string;
  readonly access: 'public' | 'caller';
  readonly scopes: readonly string[];
  /** The name of the view it answers with. */
  readonly view: string | undefined;
}

type Handler = (...values: never[]) => unknown;
type ControllerClass = abstract new (...values: never[]) => unknown;

/** Every route of every controller, sorted by path; read once, after start. */
export function readRouteTable(app: INestApplication): RouteEntry[] {
  const reflector = app.get(Reflector);
  const modules = [...app.get(ModulesContainer).values()];
  const controllers = modules.flatMap((module) => [...module.controllers.values()]);
  return controllers
    .flatMap(({ metatype }) => routesOf(metatype as ControllerClass, reflector))
    .toSorted((a, b) => `${a.path} ${a.method}`.localeCompare(`${b.path} ${b.method}`));
}

function routesOf(controller: ControllerClass, reflector: Reflector): RouteEntry[] {
  const prototype = controller.prototype as Record<string, Handler>;
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler = prototype[name];
    const path: unknown = handler === undefined ? undefined : Reflect.getMetadata(PATH_METADATA, handler);
    if (handler === undefined || typeof path !== 'string') return [];
    const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod;
    return {
      method: RequestMethod[method] ?? '',
      path: joinPath(Reflect.getMetadata(PATH_METADATA, controller) as string, path),
      access: isPublic(reflector, handler) ? 'public' : 'caller',
      scopes: scopesOf(reflector, handler),
      view: viewOf(reflector, handler)?.name,
    } as const;
  });
}

function joinPath(...parts: readonly string[]): string {
  return `/${parts
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .join('/')}`;
}
