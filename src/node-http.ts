/**
 * Node's HTTP, for all of the program. To import it anywhere else reads everything the module offers, with it the WebSocket of browsers,
 * and that takes 13 MB of memory which nothing here uses.
 */
export const { Agent, createServer, request } = process.getBuiltinModule("node:http");

export type { AgentOptions, ClientRequest, IncomingMessage, Server, ServerResponse } from "node:http";
