type XmlObject = Record<string, unknown>;

interface OpenElement {
  readonly name: string;
  readonly members: XmlObject;
  hasMembers: boolean;
  hasElements: boolean;
  text: string;
}

const whiteSpaceOnly = /^[ \t\r\n]*$/;

/** Builds plain data from elements as they open and close; `readXml` says what it looks like. */
export class XmlTree {
  private readonly path: OpenElement[] = [];
  /** The content of the first element, when it has closed. */
  root: unknown;

  constructor(private readonly lists: ReadonlySet<string>) {}

  get depth(): number {
    return this.path.length;
  }

  /** Of two attributes of one name the later counts. */
  open(name: string, attributes: readonly (readonly [string, string])[]): void {
    const members = Object.create(null) as XmlObject;
    for (const [attribute, value] of attributes) members[`@${attribute}`] = value;
    this.path.push({ name, members, hasMembers: attributes.length > 0, hasElements: false, text: '' });
  }

  addText(text: string): void {
    const element = this.path.at(-1);
    if (element !== undefined) element.text += text;
  }

  close(): void {
    const element = this.path.pop();
    if (element === undefined) return;
    const parent = this.path.at(-1);
    if (parent === undefined) this.root = contentOf(element);
    else this.add(parent, element.name, contentOf(element));
  }

  private add(parent: OpenElement, name: string, content: unknown): void {
    const { members } = parent;
    parent.hasMembers = true;
    parent.hasElements = true;
    const known = members[name];
    if (Array.isArray(known)) known.push(content);
    else if (known !== undefined) members[name] = [known, content];
    else members[name] = this.lists.has(name) ? [content] : content;
  }
}

function contentOf({ members, hasMembers, hasElements, text }: OpenElement): unknown {
  if (!hasMembers) return text;
  if (text !== '' && !(hasElements && whiteSpaceOnly.test(text))) members['#text'] = text;
  return members;
}
