import { ask, whenLocked } from "./api.js";
import { chatView, PLACE } from "./chat-view.js";
import { byId } from "./element.js";
import { watchLive } from "./live.js";
import { loginForm } from "./login.js";
import { renameDialog } from "./rename-dialog.js";
import { searchBox } from "./search-box.js";
import { sessionList } from "./session-list.js";
import { transcriptView } from "./transcript-view.js";

const app = byId("app", HTMLDivElement);
const rename = renameDialog();
const sessions = sessionList();
const chat = chatView({ openRename: rename.open });
const transcript = transcriptView({
  openRename: rename.open,
  isChat: (sessionId) => sessionId === chat.sessionId(),
  onReset(session) {
    const { platform, chatId } = session.source;
    if (platform === "web" && chatId === PLACE.chatId) void chat.startOver().catch(() => {});
  },
});
searchBox({
  form: byId("search-form", HTMLFormElement),
  input: byId("search", HTMLInputElement),
  list: byId("hits", HTMLUListElement),
  more: byId("more-hits", HTMLButtonElement),
  scope: () => "",
  onChange(isSearching) {
    byId("found", HTMLElement).hidden = !isSearching;
    byId("listed", HTMLElement).hidden = isSearching;
  },
});

/** Shows what the address names: `#/` the chat, `#/list` the conversations (on a phone), `#/session/<id>[/<line>]` a transcript. */
function showPlace() {
  const [, name = "", sessionId = "", seq] = location.hash.split("/");
  const view = name === "session" && sessionId !== "" ? "transcript" : name === "list" ? "list" : "chat";
  app.dataset.view = view;
  byId("chat", HTMLElement).hidden = view === "transcript";
  byId("transcript", HTMLElement).hidden = view !== "transcript";
  byId("chat-link", HTMLAnchorElement).toggleAttribute("aria-current", view === "chat");
  sessions.select(view === "transcript" ? sessionId : null);
  if (view === "transcript") void transcript.open(sessionId, /^\d+$/.test(seq ?? "") ? Number(seq) : null);
  if (view !== "chat") return;
  chat.seen();
  // On a touch screen focus would bring up the keyboard over what there is to read.
  if (matchMedia("(pointer: fine)").matches) chat.focus();
}

const stateNames = { connecting: "Connecting…", connected: "Connected", lost: "Not connected" };
let wasConnected = false;
const live = watchLive({
  path: `/api/events?platform=web&chatId=${PLACE.chatId}&underWay=true`,
  onState(state) {
    const shown = byId("connection", HTMLParagraphElement);
    shown.dataset.state = state;
    shown.textContent = stateNames[state];
    byId("lost", HTMLParagraphElement).hidden = state !== "lost";
  },
  onEvent(kind, event) {
    switch (kind) {
      case "hello":
        byId("version", HTMLSpanElement).textContent = `Parley ${event.version}`;
        byId("logout", HTMLButtonElement).hidden = !event.needsToken;
        chat.limitFiles(event.maxFileBytes);
        sessions.refreshSoon();
        // The stream is open before the history is read, so that nothing falls between the two.
        void (wasConnected ? chat.catchUp() : chat.load()).catch(() => {});
        wasConnected = true;
        break;
      case "gap":
        void chat.startOver().catch(() => {});
        break;
      case "session":
        sessions.refreshSoon();
        transcript.changed(event.sessionId);
        void chat.loadSession().catch(() => {});
        break;
      default:
        chat.take(event);
        if (kind !== "turn_finished") break;
        sessions.refreshSoon();
        if (chat.sessionId() !== null) transcript.changed(chat.sessionId());
        void chat.loadSession().catch(() => {});
    }
  },
});

const login = loginForm(enter);
whenLocked(() => {
  live.stop();
  app.hidden = true;
  login.show();
});
byId("logout", HTMLButtonElement).addEventListener("click", async () => {
  await ask("POST", "/api/logout").catch(() => {});
  location.reload();
});
byId("skip", HTMLButtonElement).addEventListener("click", () => {
  if (app.dataset.view === "transcript") byId("main", HTMLElement).focus();
  else chat.focus();
});
addEventListener("hashchange", showPlace);

function enter() {
  app.hidden = false;
  live.start();
  showPlace();
}

// Nothing is shown before it is known whether the daemon wants a login.
ask("GET", "/api/sessions?limit=1").then(enter, (error) => {
  if (error.status !== 401) enter();
});
