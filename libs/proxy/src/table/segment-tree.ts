import { segmentKey } from './decode-bytes.js';
import { placeIn } from './media-type.js';
import { comparePrecedence } from './precedence.js';
import { isFor, type RouteRequest, type Strictness, type TableEntry } from './table-entry.js';

export interface Found {
  readonly entry: TableEntry;
  /** What the parameters stand for, in their order; encoded as it came. */
  readonly values: readonly string[];
  /** What `**` stands for, with the slash before it. */
  readonly rest: string;
}

class Leaf {
  readonly byHost = new Map<string, TableEntry[]>();
  readonly anyHost: TableEntry[] = [];

  add(entry: TableEntry): void {
    const { host } = entry;
    const named = host === undefined ? this.anyHost : (this.byHost.get(host) ?? []);
    named.push(entry);
    if (host !== undefined) this.byHost.set(host, named);
  }
}

class Node {
  readonly literals = new Map<string, Node>();
  param: Node | undefined;
  here: Leaf | undefined;
  rest: Leaf | undefined;

  literal(key: string): Node {
    const known = this.literals.get(key) ?? new Node();
    this.literals.set(key, known);
    return known;
  }
}

/** Entries by the segments of their paths. Entries of one path must be added in the order in which they are tried. */
export class SegmentTree {
  private readonly root = new Node();

  add(entry: TableEntry): void {
    let node = this.root;
    for (const segment of entry.path.segments) {
      node = segment.kind === 'param' ? (node.param ??= new Node()) : node.literal(segment.key);
    }
    if (entry.path.hasRest) (node.rest ??= new Leaf()).add(entry);
    else (node.here ??= new Leaf()).add(entry);
  }

  /** `onStep` is called for every node and every entry that is looked at. */
  find(request: RouteRequest, strictness: Strictness, onStep?: () => void): Found | undefined {
    return new Search(request, strictness, onStep).from(this.root, 0);
  }
}

/** One way through the tree, and back from where it leads nowhere. */
class Search {
  private readonly path: string;
  private readonly host: string;
  private readonly values: string[] = [];

  constructor(
    private readonly request: RouteRequest,
    private readonly strictness: Strictness,
    private readonly onStep: (() => void) | undefined,
  ) {
    this.path = request.path;
    this.host = hostOf(request.host);
  }

  /** `at`: where the next slash is. */
  from(node: Node, at: number): Found | undefined {
    this.onStep?.();
    const { path } = this;
    if (at === path.length) return this.among(node.here, '') ?? this.among(node.rest, '');
    const slash = path.indexOf('/', at + 1);
    const end = slash < 0 ? path.length : slash;
    const segment = path.slice(at + 1, end);
    return (
      (segment === '' ? this.viewAmong(node.here) : undefined) ??
      this.below(node.literals.get(segmentKey(segment)), end) ??
      this.belowParam(node.param, segment, end) ??
      (node.rest && this.among(node.rest, path.slice(at)))
    );
  }

  private below(node: Node | undefined, end: number): Found | undefined {
    return node && this.from(node, end);
  }

  private belowParam(node: Node | undefined, segment: string, end: number): Found | undefined {
    if (node === undefined || segment === '') return undefined;
    this.values.push(segment);
    const found = this.from(node, end);
    if (found === undefined) this.values.pop();
    return found;
  }

  private among(leaf: Leaf | undefined, rest: string): Found | undefined {
    if (leaf === undefined) return undefined;
    const named = leaf.byHost.size > 0 ? this.firstOf(leaf.byHost.get(this.host)) : undefined;
    const entry = named ?? this.firstOf(leaf.anyHost);
    return entry && { entry, values: this.values, rest };
  }

  /** Express takes a slash more at the end of a path: such a request is for the view as well. */
  private viewAmong(leaf: Leaf | undefined): Found | undefined {
    const entry = this.firstOf(leaf?.anyHost.filter(({ route }) => route === undefined));
    return entry && { entry, values: this.values, rest: '' };
  }

  private firstOf(entries: readonly TableEntry[] = []): TableEntry | undefined {
    const first = entries.find((entry) => this.isFor(entry));
    if (first?.accept === undefined || this.strictness !== 'named') return first;
    const equals = entries.filter((entry) => comparePrecedence(first, entry) === 0 && this.isFor(entry));
    return equals.toSorted((one, other) => this.placeOf(one) - this.placeOf(other))[0];
  }

  private isFor(entry: TableEntry): boolean {
    this.onStep?.();
    return isFor(entry, this.request, this.strictness);
  }

  /** Among what the caller asks for; what has no media type is liked least. */
  private placeOf({ accept }: TableEntry): number {
    return accept === undefined ? Infinity : (placeIn(this.request.header('accept'), accept) ?? Infinity);
  }
}

/** Without its port and the dot that a full name ends with. */
function hostOf(host: string | undefined): string {
  if (host === undefined) return '';
  const port = host.indexOf(':', host.lastIndexOf(']') + 1);
  const name = (port < 0 ? host : host.slice(0, port)).toLowerCase();
  return name.endsWith('.') ? name.slice(0, -1) : name;
}
