import { status } from '@grpc/grpc-js';

import { CallError } from './call.error.js';

export interface ChangePosition {
  /** Whose sequences these are. */
  readonly log: string;
  /** The last change that was told. */
  readonly at: number;
  /** While everything is told for the first time: what was deleted up to here need not be told. */
  readonly toldUpTo: number;
}

export function toChangeToken({ log, at, toldUpTo }: ChangePosition): string {
  return Buffer.from(`orders:changes:${log}:${at}:${toldUpTo}`).toString('base64url');
}

/** Throws CallError (INVALID_ARGUMENT) on anything `toChangeToken` did not return. */
export function readChangeToken(token: string): ChangePosition {
  const text = Buffer.from(token, 'base64url').toString();
  const [, log = '', at, toldUpTo] = /^orders:changes:([\w-]+):(\d{1,15}):(\d{1,15})$/.exec(text) ?? [];
  const position = { log, at: Number(at), toldUpTo: Number(toldUpTo) };
  if (toChangeToken(position) === token) return position;
  throw new CallError(status.INVALID_ARGUMENT, 'this token is not one of ours');
}
