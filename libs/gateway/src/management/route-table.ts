import { type INestApplicationContext, RequestMethod, type Type } from '@nestjs/common';
import { HTTP_CODE_METADATA, METHOD_METADATA, PATH_METADATA } from '@nestjs/common/internal';
import { MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { isPublic, type RequiredAuthentication, scopesOf, stepUpOf } from '@bff/auth';
import type { ProblemCode } from '@bff/problem';
import { type View, viewOf } from '@bff/views';
import { takesAnyAppVersion } from '../app-versions/app-version.guard.js';
import { type Idempotency, idempotencyOf } from '../idempotency/idempotency-options.js';
import { ownProblemsOf } from '../openapi/may-answer.decorator.js';
import { takesForm } from '../pipeline/takes-form.js';
import { type PlainAnswer, plainAnswerOf } from '../sign-in/answers-with.js';
import { readDeviceHeaders, readRouteInputs, type RouteInput } from './route-inputs.js';

/** One route of a gateway, as `/routes` shows it. */
export interface RouteEntry {
  readonly method: string;
  readonly path: string;
  readonly access: 'public' | 'caller';
  readonly scopes: readonly string[];
  /** Whether a version of the app that is blocked may call all the same. */
  readonly anyAppVersion: boolean;
  /** The name of the view it answers with. */
  readonly view: string | undefined;
  /** What it answers with when that is no view: the operation's name in `/openapi.json`. */
  readonly answer: string | undefined;
  /** Whether an `Idempotency-Key` must or may come with a call; undefined: none is taken. */
  readonly idempotencyKey: Idempotency['key'] | undefined;
}

/** A route with all that its decorators declare. */
export interface DeclaredRoute extends Omit<RouteEntry, 'view' | 'answer' | 'idempotencyKey'> {
  readonly view: View | undefined;
  readonly answer: PlainAnswer | undefined;
  /** The name of the controller's class. */
  readonly controller: string;
  /** Of an answer that succeeds. */
  readonly status: number;
  readonly inputs: readonly RouteInput[];
  /** Headers of a device on which its answers depend. */
  readonly deviceHeaders: readonly string[];
  /** Whether its body is a form, in place of JSON. */
  readonly takesForm: boolean;
  /** How it takes an `Idempotency-Key`; undefined: not at all. */
  readonly idempotency: Idempotency | undefined;
  /** How a caller must have shown who he is; undefined: in any way that is taken. */
  readonly stepUp: RequiredAuthentication | undefined;
  /** Problems that it has beside those of all routes of its kind. */
  readonly ownProblems: readonly ProblemCode[];
}

type Handler = (...values: never[]) => unknown;
type ControllerClass = abstract new (...values: never[]) => unknown;

/** Every route of every controller, sorted by path; read once, after start. Nothing needs to be instantiated. */
export function readRoutes(app: INestApplicationContext): DeclaredRoute[] {
  const reflector = new Reflector();
  const modules = [...app.get(ModulesContainer).values()];
  const controllers = modules.flatMap((module) => [...module.controllers.values()]);
  return controllers
    .flatMap(({ metatype }) => routesOf(metatype as ControllerClass, reflector))
    .toSorted((a, b) => `${a.path} ${a.method}`.localeCompare(`${b.path} ${b.method}`));
}

export function toRouteEntry({ view, answer, idempotency, ...route }: DeclaredRoute): RouteEntry {
  const { method, path, access, scopes, anyAppVersion } = route;
  const names = { view: view?.name, answer: answer?.operation };
  return { method, path, access, scopes, anyAppVersion, ...names, idempotencyKey: idempotency?.key };
}

function routesOf(controller: ControllerClass, reflector: Reflector): DeclaredRoute[] {
  const prototype = controller.prototype as Record<string, Handler>;
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler = prototype[name];
    const path: unknown = handler === undefined ? undefined : Reflect.getMetadata(PATH_METADATA, handler);
    if (handler === undefined || typeof path !== 'string') return [];
    const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod] ?? '';
    return {
      method,
      path: joinPath(Reflect.getMetadata(PATH_METADATA, controller) as string, path),
      access: isPublic(reflector, handler) ? 'public' : 'caller',
      scopes: scopesOf(reflector, handler),
      anyAppVersion: takesAnyAppVersion(reflector, handler, controller as Type),
      view: viewOf(reflector, handler),
      answer: plainAnswerOf(reflector, handler),
      controller: controller.name,
      status: statusOf(handler, method),
      inputs: readRouteInputs(controller, name),
      deviceHeaders: readDeviceHeaders(controller, name),
      takesForm: takesForm(handler),
      idempotency: idempotencyOf(reflector, handler),
      stepUp: stepUpOf(reflector, handler),
      ownProblems: ownProblemsOf(reflector, handler),
    } as const;
  });
}

/** Nest's own default: 201 for POST, 200 for anything else. */
function statusOf(handler: Handler, method: string): number {
  const declared = Reflect.getMetadata(HTTP_CODE_METADATA, handler) as number | undefined;
  return declared ?? (method === 'POST' ? 201 : 200);
}

function joinPath(...parts: readonly string[]): string {
  return `/${parts
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .join('/')}`;
}
