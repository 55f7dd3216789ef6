export type {
  AgentBackend,
  AgentEvent,
  AgentFailure,
  AgentMessage,
  AgentTool,
  ApprovalQuestion,
  InstantRequest,
  TurnRequest,
  Usage,
} from "./agent/backend.ts";
export { type Daemon, type GatewayStart, startGateway } from "./main.ts";
export type {
  Addressed,
  Attachment,
  AttachmentKind,
  AttachmentReference,
  Button,
  InboundMessage,
  OutboundMessage,
  PostEdit,
  RepliedMessage,
} from "./message/message.ts";
export type {
  Accept,
  Acceptance,
  Adapter,
  AdapterEvents,
  AdapterHealth,
  ChatPlace,
  FoundPost,
  Intake,
  PublishedCommand,
  RecentPlace,
} from "./platform/adapter.ts";
export { DeliveryError, type DeliveryFailure } from "./platform/delivery-error.ts";
export { type ContextPromptOptions, contextPrompt } from "./session/context-prompt.ts";
export {
  type KeyOptions,
  type ParsedSessionKey,
  parseSessionKey,
  type SessionKey,
  SessionKeyError,
  sessionKey,
} from "./session/key.ts";
export { legacySessionKey } from "./session/legacy-key.ts";
export { type ResetPolicy, type ResetRules, resolveResetPolicy } from "./session/reset-policy.ts";
export { nextResetAt, resetReason } from "./session/reset-reason.ts";
export type { HomeChannel, SessionContext } from "./session/session-context.ts";
export type { ChatType, SessionSource } from "./session/source.ts";
export type { Session } from "./store/session.ts";
export { openStore, type SessionStore, type StoreOptions } from "./store/store.ts";
export { StoreError } from "./store/store-error.ts";
