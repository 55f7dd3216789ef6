import { once } from "node:events";
import { connect } from "node:net";

/** One kept-alive connection, one request at a time. It does no more than it must: the client shares two cores with the daemon. */
export interface HttpConnection extends Disposable {
  request(method: "GET" | "POST", path: string, body: string | null): Promise<HttpAnswer>;
}

/** A whole answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

const HEAD_END = Buffer.from("\r\n\r\n");

/** Connects to a server on this machine. */
export async function openHttpConnection(port: number): Promise<HttpConnection> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  let received: Buffer = Buffer.alloc(0);
  let waiting: { resolve: (answer: HttpAnswer) => void; reject: (error: Error) => void } | null = null;
  const end = (error: Error) => {
    waiting?.reject(error);
    waiting = null;
  };
  await once(socket, "connect");
  socket.on("error", end);
  socket.on("close", () => end(new Error("the daemon closed the connection")));
  socket.on("data", (bytes) => {
    received = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
    const answer = readAnswer(received);
    if (answer === null) return;
    received = Buffer.alloc(0);
    waiting?.resolve(answer);
    waiting = null;
  });
  return {
    request(method, path, body) {
      const entity =
        body === null ? "" : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
      socket.write(`${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${entity}\r\n${body ?? ""}`);
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

/** The whole answer, or null while some of it is missing. */
function readAnswer(bytes: Buffer): HttpAnswer | null {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) return null;
  const head = bytes.toString("latin1", 0, headEnd);
  const status = Number(head.slice(9, 12));
  const rest = bytes.subarray(headEnd + HEAD_END.length);
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  const body = length === undefined ? chunkedBody(rest) : rest.length < Number(length) ? null : rest.toString("utf8");
  return body === null ? null : { status, body };
}

/** The body of `Transfer-Encoding: chunked`, or null while some of it is missing. */
function chunkedBody(bytes: Buffer): string | null {
  const chunks: Buffer[] = [];
  for (let place = 0; ; ) {
    const lineEnd = bytes.indexOf("\r\n", place);
    if (lineEnd === -1) return null;
    const length = Number.parseInt(bytes.toString("latin1", place, lineEnd), 16);
    const end = lineEnd + 2 + length;
    if (bytes.length < end + 2) return null;
    if (length === 0) return Buffer.concat(chunks).toString("utf8");
    chunks.push(bytes.subarray(lineEnd + 2, end));
    place = end + 2;
  }
}
