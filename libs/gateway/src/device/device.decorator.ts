import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Response } from 'express';
import { currentContext, type Device as KnownDevice } from '@bff/context';

/** Answers that depend on one of these facts say so in `Vary`. */
const headersOf = {
  platform: ['X-App-Platform'],
  appVersion: ['X-App-Version'],
  osVersion: ['X-App-OS-Version'],
  locale: ['Accept-Language'],
  timeZone: ['X-Time-Zone'],
  network: ['ECT', 'Save-Data'],
} as const satisfies Record<keyof KnownDevice, readonly string[]>;

export type DeviceFact = keyof KnownDevice;

const takeDevice = (facts: readonly DeviceFact[], execution: ExecutionContext): KnownDevice => {
  const response = execution.switchToHttp().getResponse<Response>();
  const device = currentContext()?.device ?? {};
  for (const fact of facts) for (const header of headersOf[fact]) response.vary(header);
  return Object.fromEntries(
    facts.flatMap((fact) => (device[fact] === undefined ? [] : [[fact, device[fact]]])),
  );
};
const Parameter = createParamDecorator(takeDevice);

/** The facts of the device that an answer depends on, as a handler's parameter: `(@Device('network') { network }: Device)`. */
export const Device = (...facts: [DeviceFact, ...DeviceFact[]]): ParameterDecorator => Parameter(facts);
export type Device = KnownDevice;

/** The headers that a parameter takes; empty: it is another one. `factory` and `data` are what Nest keeps of it. */
export function deviceHeadersOf({ factory, data }: { factory?: unknown; data?: unknown }): readonly string[] {
  return factory === takeDevice ? (data as readonly DeviceFact[]).flatMap((fact) => headersOf[fact]) : [];
}
