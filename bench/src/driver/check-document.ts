import { documentOf, type DocumentSize } from '../upstream/documents.js';

/** Compares the length of every answer with that of the document, and of the first one of each caller every byte. */
export class DocumentCheck {
  private readonly document: Buffer;
  private readonly known = new Set<string>();

  constructor(size: DocumentSize) {
    this.document = documentOf(size);
  }

  /** What is wrong with the answer; undefined: nothing. */
  mistakeIn(userId: string, status: number, body: Buffer): string | undefined {
    if (status !== 200) return `status ${status}`;
    if (body.length !== this.document.length) return `${body.length} bytes`;
    if (this.known.has(userId)) return undefined;
    if (!body.equals(this.document)) return 'other bytes';
    this.known.add(userId);
    return undefined;
  }
}
