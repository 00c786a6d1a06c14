export { readXml, type ReadXmlOptions } from './read-xml.js';
export { isXmlName, writeXml } from './write-xml.js';
export { XmlError } from './xml.error.js';
