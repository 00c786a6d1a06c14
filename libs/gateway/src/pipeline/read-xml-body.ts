import { ProblemError } from '@bff/problem';
import { fromXml, type SchemaNode } from '@bff/views';
import { XmlError } from '@bff/xml';
import { serverLimits } from '../server/server-limits.js';

const limits = { maxDepth: serverLimits.jsonDepth, maxElements: serverLimits.jsonValues };
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The value of an XML text in UTF-8, in the form that answers have as XML. Throws `malformed_request` for what is no
 * XML, and for document types, entities, inclusions and processing instructions.
 */
export function readXmlBody(bytes: Uint8Array, schema: SchemaNode): unknown {
  try {
    return fromXml(decoder.decode(bytes), schema, limits);
  } catch (error) {
    if (error instanceof XmlError)
      throw new ProblemError('malformed_request', `The body is ${error.message}`);
    throw new ProblemError('malformed_request', 'The body is not valid UTF-8.');
  }
}
