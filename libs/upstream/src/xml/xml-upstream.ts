import { UpstreamError } from '@bff/problem';
import { readXml, type ReadXmlOptions, writeXml } from '@bff/xml';
import type { z } from 'zod';
import type { ReplicaCache } from '../cache/replica-store.js';
import type { HttpAnswer } from '../http/http-answer.js';
import type { HttpRequest } from '../http/http-connection.js';
import { HttpEngine } from '../http/http-engine.js';
import { checkMedia } from '../http/json.js';
import type { EncodedPath } from '../path.js';
import { readAnswer } from '../read-answer.js';
import type { Identities, UpstreamConfig } from '../upstream-options.js';

interface XmlOptions {
  /** Elements that are lists even when there is one of them. */
  readonly lists?: readonly string[];
}

/** A document to send: the name of its root element, and what is in it. */
export interface XmlDocument {
  readonly root: string;
  readonly content: object;
}

const xmlMedia = /^(application|text)\/([\w.-]+\+)?xml\b/i;
const acceptXml: Readonly<Record<string, string>> = { accept: 'application/xml, text/xml;q=0.9' };
const sendXml = { ...acceptXml, 'content-type': 'application/xml; charset=utf-8' };

/**
 * A service that speaks HTTP and XML. A schema sees elements as members, attributes as `@name`, all values as text
 * (`z.coerce` makes numbers of them). Documents with a DTD, entities or inclusions are bad responses.
 */
export class XmlUpstream {
  static readonly protocol = 'xml';
  http: HttpEngine;

  constructor(name: string, config: UpstreamConfig, identities: Identities, replicas?: ReplicaCache) {
    this.http = new HttpEngine(name, config, identities, replicas);
  }

  get<S extends z.ZodType>(path: EncodedPath, schema: S, options?: XmlOptions): Promise<z.output<S>> {
    return this.call({ method: 'GET', path: path.text, headers: acceptXml }, schema, options);
  }

  /** Never sent twice. */
  post<S extends z.ZodType>(
    path: EncodedPath,
    { root, content }: XmlDocument,
    schema: S,
    options?: XmlOptions,
  ): Promise<z.output<S>> {
    const body = writeXml(root, content);
    return this.call({ method: 'POST', path: path.text, headers: sendXml, body }, schema, options);
  }

  adopt(fresh: XmlUpstream): HttpEngine {
    const before = this.http;
    this.http = fresh.http;
    return before;
  }

  state() {
    return this.http.state();
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private call<S extends z.ZodType>(
    request: HttpRequest,
    schema: S,
    options: XmlOptions = {},
  ): Promise<z.output<S>> {
    const { name, prefix } = this.http;
    const read = ({ body }: HttpAnswer) => {
      const text = body.toString('utf8');
      return readAnswer(name, schema, text === '' ? undefined : readDocument(name, text, options));
    };
    return this.http.send({ ...request, path: prefix + request.path }, { check: this.check, read });
  }

  private readonly check = (answer: HttpAnswer): void => checkMedia(this.http.name, answer, xmlMedia);
}

function readDocument(upstream: string, text: string, options: ReadXmlOptions): unknown {
  try {
    return readXml(text, options);
  } catch (cause) {
    throw new UpstreamError(upstream, 'bad_response', (cause as Error).message, { cause });
  }
}
