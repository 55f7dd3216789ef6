import { ask, whenLocked } from "./api.js";
import { chatView, PLACE } from "./chat-view.js";
import { byId } from "./element.js";
import { jobsView } from "./jobs-view.js";
import { watchLive } from "./live.js";
import { loginForm } from "./login.js";
import { memoryView } from "./memory-view.js";
import { renameDialog } from "./rename-dialog.js";
import { searchBox } from "./search-box.js";
import { sessionList } from "./session-list.js";
import { transcriptView } from "./transcript-view.js";
import { views } from "./views.js";

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

const jobs = jobsView();
const chatSection = byId("chat", HTMLElement);
const places = views(
  [
    {
      name: "",
      title: "Chat with the agent",
      section: chatSection,
      open() {
        chat.seen();
        // On a touch screen focus would bring up the keyboard over what there is to read.
        if (matchMedia("(pointer: fine)").matches) chat.focus();
      },
      focus: chat.focus,
    },
    jobs,
    // The side bar, which a phone shows alone.
    { name: "list", title: null, section: chatSection, open() {}, focus: chat.focus },
    {
      name: "session",
      title: null,
      section: byId("transcript", HTMLElement),
      open(sessionId = "", seq = "") {
        void transcript.open(sessionId, /^\d+$/.test(seq) ? Number(seq) : null);
      },
    },
    memoryView(),
  ],
  (view, [sessionId = ""]) => sessions.select(view.name === "session" ? sessionId : null),
);

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
        jobs.refreshSoon();
        // The stream is open before the history is read, so that nothing falls between the two.
        void (wasConnected ? chat.catchUp() : chat.load()).catch(() => {});
        wasConnected = true;
        break;
      case "gap":
        void chat.startOver().catch(() => {});
        break;
      case "job":
        jobs.refreshSoon();
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
byId("skip", HTMLButtonElement).addEventListener("click", () => places.focus());

function enter() {
  app.hidden = false;
  live.start();
  places.show();
}

// Nothing is shown before it is known whether the daemon wants a login.
ask("GET", "/api/sessions?limit=1").then(enter, (error) => {
  if (error.status !== 401) enter();
});
