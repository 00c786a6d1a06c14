import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { LoadShedder } from './load-shedder.js';
import { PlainRequest } from './plain-request.js';
import { toRefusal } from './refusal.js';
import { shareReadBuffer } from './shared-read-buffer.js';

/**
 * Refuses requests before Node has made anything of them, which is half of what a refusal costs. Only what is one whole
 * plain request between two others; everything else goes on to Node's parser, and is refused behind it. A connection
 * is watched from its first refusal on, for as long as it is open: Node then hands its bytes to JavaScript first, as
 * it does with those of TLS.
 */
export class EarlyRefusals {
  private readonly watched = new WeakSet<Socket>();
  /** Whose bytes Node is reading. */
  private reading: WatchedConnection | undefined;

  constructor(
    private readonly server: Server,
    private readonly shedder: LoadShedder,
  ) {}

  /** What the shedder says about a request that Node has read, and does about it. */
  admit(request: IncomingMessage, response: ServerResponse, begin: () => void): boolean {
    const wasAsked = this.reading?.socket === request.socket && this.reading.sees(request, response);
    if (wasAsked) this.shedder.take(request, response, begin);
    else if (!this.shedder.admit(request, response, begin)) {
      this.watch(request.socket);
      return false;
    }
    return true;
  }

  private watch(socket: Socket): void {
    // Calls of a batch come over connections in memory, each for one request.
    if (!(socket instanceof Socket) || this.watched.has(socket)) return;
    this.watched.add(socket);
    const connection = new WatchedConnection(socket, this.server, this.shedder);
    const take = (bytes: Buffer): boolean => connection.takes(bytes) || this.pass(connection, bytes);
    // Node reads a socket past JavaScript until somebody else listens to what comes.
    if (shareReadBuffer(socket, take)) socket.on('data', ignore).off('data', ignore);
  }

  private pass(connection: WatchedConnection, bytes: Buffer): boolean {
    const before = this.reading;
    this.reading = connection;
    try {
      return connection.socket.push(Buffer.from(bytes));
    } finally {
      this.reading = before;
    }
  }
}

function ignore(): void {}

/** Knows when a connection is between two messages. */
class WatchedConnection {
  /** Node has read all that came, that were whole requests, and has answered them. */
  private isAtRest = false;
  /** How often something was left to Node. */
  private passed = 0;
  /** What is left to Node now, when it is plain. */
  private passing: PlainRequest | undefined;
  /** It was asked about. */
  private mayPass = false;
  private isAnswerDue = false;

  constructor(
    readonly socket: Socket,
    private readonly server: Server,
    private readonly shedder: LoadShedder,
  ) {}

  /** False: they are left to Node. Else they were a request that is refused. */
  takes(bytes: Buffer): boolean {
    // Answers have the order of their requests.
    if (this.isAnswerDue) this.shedder.answerRefused();
    this.mayPass = false;
    const request = this.shedder.isRefusing ? PlainRequest.read(bytes) : undefined;
    if (request !== undefined && this.refuses(request)) return true;
    this.isAtRest = false;
    this.passed += 1;
    this.passing = request;
    return false;
  }

  /**
   * Node has read a request in what was left to it. Where that was a plain one and this has as many headers, it began
   * with the first of the bytes and ended with the last: had Node been within a message before, the plain request's
   * first line would be in a header, and make one more, or in a body, and some or all of its headers with it.
   * True: it was asked about already, and may pass.
   */
  sees(request: IncomingMessage, response: ServerResponse): boolean {
    const { passing, passed } = this;
    if (passing === undefined || request.rawHeaders.length !== 2 * passing.headerCount) return false;
    response.once('close', () => (this.isAtRest = this.passed === passed));
    return this.mayPass;
  }

  private refuses(request: PlainRequest): boolean {
    const { socket } = this;
    // Who does not read his answers, or whose server is closing, is Node's.
    if (!this.isAtRest || socket.writableLength > 0 || !this.server.listening) return false;
    // Before it is asked: enough refusals in a turn are answered at once.
    this.isAnswerDue = true;
    if (this.shedder.refuses(request, () => this.answer(request))) return true;
    this.isAnswerDue = false;
    this.mayPass = true;
    return false;
  }

  private answer(request: PlainRequest): void {
    this.isAnswerDue = false;
    if (this.socket.writable) this.socket.write(toRefusal(request), 'latin1');
  }
}
