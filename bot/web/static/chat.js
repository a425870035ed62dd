// The page of phones: one file for the list of people and for each phone. It knows no rule of the product; it shows what
// the store holds, sends what is typed, and keeps what could not be sent until it can.

const LARGEST_FILE = 20 * 1024 * 1024;
const SHOWN_AT_FIRST = 100;
const SLOW_REFRESH = 30_000;
const QUICK_REFRESH = 3_000;
const NEAR = 90;
const ABOVE = 10; // so much is left free above a bubble that is brought to the top

const framed = window !== window.top;
const wide = window.matchMedia("(min-width: 900px)");
const touched = window.matchMedia("(pointer: coarse)");
let words = {};

// ---- words and small pieces of the page

const find = (selector, root = document) => root.querySelector(selector);

function say(key, params = {}) {
  const pattern = words[`web.${key}`] ?? key;
  return pattern.replace(/\{(\w+)[^}]*\}/g, (_, name) => params[name] ?? "");
}

function fill(root) {
  for (const node of root.querySelectorAll("[data-say]")) node.textContent = say(node.dataset.say);
  for (const node of root.querySelectorAll("[data-label]")) {
    const label = say(node.dataset.label);
    node.setAttribute("aria-label", label);
    if (node.matches("button, a")) node.title = label;
  }
  for (const node of root.querySelectorAll("[data-hint]")) node.placeholder = say(node.dataset.hint);
}

function copy(template) {
  const node = find(template).content.firstElementChild.cloneNode(true);
  fill(node);
  return node;
}

function show(node, visible) {
  if (node.hidden === visible) node.hidden = !visible;
}

function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// Keeps each node where it already stands: nothing flickers, and a click, a focus or a selection survives.
function arrange(list, nodes) {
  const wanted = new Set(nodes);
  for (const node of [...list.children]) if (!wanted.has(node)) node.remove();
  nodes.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
  });
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

function initials(name) {
  const parts = name.trim().split(/\s+/).slice(-2);
  return parts.map((part) => part[0] ?? "").join("").toUpperCase();
}

function face(node, entry) {
  put(node, initials(title(entry)));
  node.dataset.role = entry.role ?? "";
  node.dataset.joined = entry.joined ? "yes" : "no";
}

// Before anybody joined, a place in the office is known by its post, every other by its unit.
const title = (entry) => entry.person || (group(entry) === "office" ? entry.roleName : entry.unit) || entry.name;
const subtitle = (entry) => [entry.roleName, entry.unit].filter((part) => part && part !== title(entry)).join(" · ");

function languageSwitch(languages, current) {
  for (const group of document.querySelectorAll(".languages")) {
    group.replaceChildren(...languages.map((language) => {
      const button = document.createElement("button");
      button.type = "button";
      button.lang = language;
      button.textContent = language.toUpperCase();
      button.setAttribute("aria-pressed", String(language === current));
      button.addEventListener("click", () => {
        document.cookie = `lang=${language}; path=/; max-age=31536000; samesite=strict`;
        location.reload();
      });
      return button;
    }));
  }
}

// ---- asking the program

class Trouble extends Error {
  constructor(message, again) {
    super(message);
    this.again = again;
  }
}

async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(`/local${path}`, options);
  } catch {
    throw new Trouble(say("open_failed"), true);
  }
  if (response.ok) return response.status === 204 ? null : response.json();
  const sentence = response.status < 500 ? await response.text() : say("open_failed");
  throw new Trouble(sentence, response.status >= 500);
}

const tell = (path, data) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data) });

// Many calls become one: the next begins when the last has ended, and nobody waits for a stale answer. What could not
// be asked is soon asked once more.
function coalesced(work, pause = 0) {
  let running = false;
  let wanted = false;
  let retry = 0;
  return async function again() {
    wanted = true;
    if (running) return;
    running = true;
    while (wanted) {
      if (pause) await new Promise((done) => setTimeout(done, pause));
      wanted = false;
      clearTimeout(retry);
      try {
        await work();
      } catch (trouble) {
        if (!(trouble instanceof Trouble)) console.error(trouble);
        else if (trouble.again) retry = setTimeout(again, QUICK_REFRESH);
      }
    }
    running = false;
  };
}

// ---- what arrives: one connection for all tabs and frames of this browser (a browser allows few per site),
// held by whoever has the lock and passed on to the others; without these means, by asking every few seconds.

class Live {
  constructor(heard, lineChanged) {
    this.heard = heard;
    this.lineChanged = lineChanged;
    this.last = "";
    this.up = true;
    this.timer = 0;
    this.able = Boolean(navigator.locks && window.EventSource && window.BroadcastChannel);
    if (this.able) {
      this.air = new BroadcastChannel("nhacviec");
      this.air.onmessage = (event) => this.receive(event.data);
      navigator.locks.request("nhacviec-live", () => new Promise(() => this.connect()));
    }
    this.pace();
    document.addEventListener("visibilitychange", () => document.hidden || this.heard({ all: true }));
  }

  connect() {
    this.air.postMessage({ ask: true });
    const source = new EventSource(`/local/events?after=${encodeURIComponent(this.last)}`);
    source.onopen = () => this.share({ up: true });
    source.onmessage = (event) => this.share({ id: event.lastEventId, change: JSON.parse(event.data) });
    source.onerror = () => {
      this.share({ up: false });
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.connect(), QUICK_REFRESH);
    };
  }

  share(news) {
    this.air.postMessage(news);
    this.receive(news);
  }

  receive(news) {
    if (news.id) this.last = news.id;
    if (news.up !== undefined) this.line(news.up);
    if (news.change) this.heard(news.change);
  }

  line(up) {
    if (this.up === up) return;
    this.up = up;
    this.lineChanged(up);
    this.pace();
    if (up) this.heard({ all: true });
  }

  pace() {
    clearInterval(this.timer);
    const every = this.able && this.up ? SLOW_REFRESH : QUICK_REFRESH;
    this.timer = setInterval(() => document.hidden || this.heard({ all: true }), every);
  }
}

// ---- the clock of a sample

class Clock {
  constructor() {
    this.bar = find("#clock");
    this.next = find(".clock-next", this.bar);
    this.dialog = find("#later");
    this.refresh = coalesced(() => this.load(), 150);
    this.next.addEventListener("click", () => this.jump("next"));
    find(".clock-choose", this.bar).addEventListener("click", () => this.choose());
    onAnswer(this.dialog, () => this.jump(find("input", this.dialog).value));
    setInterval(() => document.hidden || this.refresh(), 20_000);
  }

  async load() {
    this.show(await ask("/clock"));
  }

  show(view) {
    document.body.classList.toggle("with-clock", Boolean(view));
    show(this.bar, Boolean(view));
    if (!view) return;
    this.view = view;
    put(find(".clock-time", this.bar), view.time);
    put(find(".clock-day", this.bar), view.day);
    this.next.disabled = !view.next;
    const when = view.next ? `${view.next.time} ${view.next.day}` : say("no_next");
    put(find("b", this.next), say("jump_next_short"));
    put(find("small", this.next), when);
    this.next.title = say("jump_next");
    this.next.setAttribute("aria-label", `${say("jump_next")}: ${when}`);
  }

  choose() {
    const input = find("input", this.dialog);
    input.min = this.view.local;
    input.value = this.view.local;
    find(".picks", this.dialog).replaceChildren(...laterMoments(this.view.local).map(([label, moment]) => {
      const pick = document.createElement("button");
      pick.type = "button";
      pick.textContent = label;
      pick.addEventListener("click", () => {
        input.value = moment;
        input.focus();
      });
      return pick;
    }));
    this.dialog.showModal();
  }

  async jump(to) {
    this.bar.setAttribute("aria-busy", "true");
    this.next.disabled = true;
    try {
      this.show(await tell("/clock", { to }));
    } finally {
      this.bar.removeAttribute("aria-busy");
      if (this.view) this.next.disabled = !this.view.next;
    }
  }
}

// Moments one often wants, as civil time of the province: its hours are counted as if they were UTC.
function laterMoments(local) {
  const now = new Date(`${local}:00Z`);
  const at = (days, hours, minutes) => {
    const moment = new Date(now);
    moment.setUTCDate(moment.getUTCDate() + days);
    moment.setUTCHours(hours, minutes);
    return moment;
  };
  const picks = [
    ["pick_hour", new Date(now.getTime() + 3_600_000)],
    ["pick_afternoon", at(0, 13, 30)],
    ["pick_evening", at(0, 16, 30)],
    ["pick_week", at(7, now.getUTCHours(), now.getUTCMinutes())],
    ["pick_tomorrow", at(1, 7, 30)],
  ];
  return picks.filter(([, moment]) => moment > now).map(([key, moment]) => [say(key), moment.toISOString().slice(0, 16)]);
}

// A dialog whose answer may be refused: it stays open and says why.
function onAnswer(dialog, work) {
  const complaint = find(".complaint", dialog);
  find("button[value=cancel]", dialog).addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => show(complaint, false));
  find("form", dialog).addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await work();
      dialog.close();
    } catch (trouble) {
      put(complaint, trouble.message);
      show(complaint, true);
    }
  });
}

// ---- the list of people, and phones side by side where there is room

class Overview {
  constructor() {
    this.root = find("#overview");
    this.list = find(".people-list", this.root);
    this.stage = find(".stage", this.root);
    this.entries = [];
    this.nodes = new Map();
    this.refresh = coalesced(() => this.load(), 200);
    find("#find").addEventListener("input", () => this.render());
    find("#add").addEventListener("click", () => this.offerNew());
    onAnswer(find("#new-phone"), () => this.addNew());
    window.addEventListener("hashchange", () => this.layOut());
    wide.addEventListener("change", () => this.layOut());
    window.addEventListener("message", (event) => {
      if (event.origin === location.origin && event.data?.shut) this.shut(event.data.shut);
    });
    show(this.root, true);
    document.title = say("title");
  }

  heard() {
    this.refresh();
  }

  line() {}

  async load() {
    const first = !this.entries.length;
    this.entries = await ask("/phones");
    find("#add").disabled = false;
    this.render();
    if (first && !location.hash && wide.matches) this.open(this.welcome());
    else this.layOut();
  }

  welcome() {
    const room = Math.max(1, Math.floor(this.stage.clientWidth / 300));
    const staff = this.entries.filter((entry) => group(entry) === "office").slice(0, 2);
    const officer = this.entries.find((entry) => group(entry) === "joined");
    return [officer, ...staff].filter(Boolean).slice(0, room).map((entry) => entry.name);
  }

  render() {
    const wanted = plain(find("#find").value.trim());
    const fits = (entry) => plain(`${entry.name} ${entry.person} ${entry.unit} ${entry.roleName}`).includes(wanted);
    const chosen = this.entries.filter(fits);
    const parts = ["office", "joined", "waiting"].flatMap((name) => {
      const members = chosen.filter((entry) => group(entry) === name);
      if (name === "joined") members.sort((one, other) => other.lastAt.localeCompare(one.lastAt));
      return members.length ? [this.heading(name, members.length), ...members.map((entry) => this.person(entry))] : [];
    });
    if (!parts.length && this.entries.length) parts.push(this.node("nobody", () => notice(say("nobody_found"))));
    arrange(this.list, parts);
    const unread = this.entries.reduce((sum, entry) => sum + entry.unread, 0);
    document.title = unread ? say("new_count", { count: unread, title: say("title") }) : say("title");
  }

  node(key, make) {
    if (!this.nodes.has(key)) this.nodes.set(key, make());
    return this.nodes.get(key);
  }

  heading(name, count) {
    const node = this.node(`group:${name}`, () => {
      const made = document.createElement("h2");
      made.append(say(`group.${name}`), document.createElement("span"));
      return made;
    });
    put(node.lastChild, String(count));
    return node;
  }

  person(entry) {
    const node = this.node(entry.name, () => this.newPerson(entry.name));
    face(find(".face", node), entry);
    put(find(".person-name", node), title(entry));
    put(find(".person-last", node), entry.last || subtitle(entry));
    put(find(".person-time", node), entry.lastTime);
    badge(find(".badge", node), entry.unread);
    return node;
  }

  newPerson(name) {
    const node = copy("#t-person");
    node.href = `/phone/${name}`;
    node.dataset.name = name;
    node.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      this.choose(name);
    });
    return node;
  }

  choose(name) {
    if (wide.matches) this.open([name]);
    else location.assign(`/phone/${name}`);
  }

  names() {
    const named = decodeURIComponent(location.hash.slice(1)).split(",");
    return [...new Set(named.filter((name) => /^[a-z0-9-]{1,40}$/.test(name)))];
  }

  open(names) {
    const next = [...new Set([...this.names(), ...names])].join(",");
    history.replaceState(null, "", `#${next}`);
    this.layOut();
    const last = this.column(names.at(-1) ?? "");
    last?.scrollIntoView({ inline: "nearest", block: "nearest" });
  }

  shut(name) {
    history.replaceState(null, "", `#${this.names().filter((other) => other !== name).join(",")}`);
    this.layOut();
  }

  column(name) {
    return find(`iframe[data-name="${CSS.escape(name)}"]`, this.stage);
  }

  layOut() {
    const names = wide.matches ? this.names() : [];
    for (const frame of this.stage.querySelectorAll("iframe")) if (!names.includes(frame.dataset.name)) frame.remove();
    for (const name of names) if (!this.column(name)) this.stage.append(this.frame(name));
    find(".notice", this.stage)?.remove();
    if (!names.length) this.stage.append(notice(say("pick_someone")));
    for (const node of this.list.querySelectorAll(".person")) {
      if (names.includes(node.dataset.name)) node.setAttribute("aria-current", "true");
      else node.removeAttribute("aria-current");
    }
  }

  frame(name) {
    const frame = document.createElement("iframe");
    const entry = this.entries.find((other) => other.name === name);
    frame.dataset.name = name;
    frame.title = entry ? title(entry) : name;
    frame.src = `/phone/${name}`;
    return frame;
  }

  offerNew() {
    const units = new Map(this.entries.filter((entry) => entry.unitCode).map((entry) => [entry.unitCode, entry.unit]));
    const dialog = find("#new-phone");
    choices(find("[name=unit]", dialog), [...units]);
    const roles = ["contact", "deputy", "leader", "office", "chair"];
    choices(find("[name=role]", dialog), roles.map((role) => [role, say(`role.${role}`)]));
    dialog.showModal();
  }

  async addNew() {
    const dialog = find("#new-phone");
    const unit = find("[name=unit]", dialog).value;
    const role = find("[name=role]", dialog).value;
    const entry = await tell("/phones", { unit, role });
    this.entries.push(entry);
    this.render();
    this.choose(entry.name);
  }
}

function group(entry) {
  if (entry.role === "office" || entry.role === "chair" || entry.role === "admin") return "office";
  return entry.joined ? "joined" : "waiting";
}

function choices(select, pairs) {
  select.replaceChildren(...pairs.map(([value, label]) => new Option(label, value)));
}

function notice(text) {
  const node = document.createElement("p");
  node.className = "notice";
  node.textContent = text;
  return node;
}

function badge(node, count) {
  show(node, count > 0);
  put(node, count > 99 ? "99+" : String(count));
  node.setAttribute("aria-label", say("unread", { count }));
}

// ---- what a phone has sent and the store has not shown yet; it outlives a reload, files excepted

class Outbox {
  constructor(phone, changed) {
    this.phone = phone;
    this.changed = changed;
    this.place = `outbox:${phone}`;
    this.entries = JSON.parse(sessionStorage.getItem(this.place) ?? "[]");
    for (const entry of this.entries) if (entry.state === "pending") entry.state = "failed";
    this.running = false;
    this.begun = false;
  }

  // What is typed before the conversation was seen waits for it: only then is it known below what it stands.
  begin(above) {
    this.begun = true;
    for (const entry of this.entries) if (entry.state === "pending") entry.after ??= above;
    this.run();
  }

  keep() {
    const kept = this.entries.filter((entry) => !entry.file);
    sessionStorage.setItem(this.place, JSON.stringify(kept));
    this.changed();
  }

  add(entry, after) {
    const id = crypto.randomUUID();
    this.entries.push({ ...entry, after, client: id, id: `${this.phone}:${id}`, mine: true, state: "pending", again: true });
    this.keep();
    this.run();
  }

  forget(ids) {
    const left = this.entries.filter((entry) => !ids.has(entry.id));
    if (left.length === this.entries.length) return;
    this.entries = left;
    sessionStorage.setItem(this.place, JSON.stringify(left.filter((entry) => !entry.file)));
    this.run();
  }

  discard(id) {
    this.forget(new Set([id]));
    this.changed();
  }

  retry() {
    for (const entry of this.entries) if (entry.state === "failed" && entry.again) entry.state = "pending";
    this.keep();
    this.run();
  }

  // One after the other, so that two quick lines keep their order; what can't be sent holds back what follows.
  async run() {
    if (this.running || !this.begun) return;
    this.running = true;
    for (;;) {
      const next = this.entries.find((entry) => entry.state === "pending");
      if (!next || this.entries.some((entry) => entry.state === "failed" && entry.again)) break;
      await this.send(next);
    }
    this.running = false;
  }

  async send(entry) {
    try {
      const moment = await (entry.file ? this.upload(entry) : this.say(entry));
      Object.assign(entry, moment, { state: "delivered" });
    } catch (trouble) {
      Object.assign(entry, { state: "failed", why: trouble.again ? "" : trouble.message, again: trouble.again !== false });
    }
    this.keep();
  }

  say(entry) {
    const { client, text, replyTo, button } = entry;
    const sent = button ? { id: client, button } : { id: client, text, replyTo };
    return tell(`/phones/${this.phone}/messages`, sent);
  }

  upload(entry) {
    const about = { id: entry.client, name: entry.file.name, text: entry.text, replyTo: entry.replyTo, album: entry.album };
    const query = new URLSearchParams(Object.entries(about).filter(([, value]) => value));
    const headers = { "Content-Type": entry.file.type || "application/octet-stream" };
    return ask(`/phones/${this.phone}/files?${query}`, { method: "POST", headers, body: entry.file });
  }
}

// ---- one phone

class Phone {
  constructor(name) {
    this.name = name;
    this.root = find("#phone");
    this.scroll = find(".scroll", this.root);
    this.list = find(".bubbles", this.root);
    this.input = find("textarea", this.root);
    this.most = SHOWN_AT_FIRST;
    this.held = [];
    this.nodes = new Map();
    this.staged = [];
    this.replyTo = "";
    this.stuck = true;
    this.below = 0;
    this.placed = null; // the newest bubble, once it was brought into view
    this.moved = false; // since then somebody scrolled by hand
    this.atEnd = true;
    this.put = 0;
    this.outbox = new Outbox(name, () => this.render());
    this.refresh = coalesced(() => this.load());
    document.body.classList.toggle("framed", framed);
    show(this.root, true);
    this.listenToComposer();
    this.listenToFiles();
    this.listenToScroll();
    find(".shut", this.root).addEventListener("click", () => window.parent.postMessage({ shut: name }, location.origin));
    find(".join button", this.root).addEventListener("click", () => this.join());
    if (!touched.matches && !framed) this.input.focus();
  }

  heard(change) {
    if (change.all || change.phone === this.name) this.refresh();
  }

  line(up) {
    const node = find(".line", this.root);
    put(node, say("offline"));
    show(node, !up);
    if (up) this.outbox.retry();
  }

  async load() {
    let entry;
    try {
      entry = await ask(`/phones/${this.name}?most=${this.most}`);
    } catch (trouble) {
      if (!this.entry) this.complain(trouble.message);
      throw trouble;
    }
    const first = !this.entry;
    const known = new Set(this.held.map((bubble) => bubble.id));
    const fresh = entry.bubbles.filter((bubble) => !bubble.mine && !known.has(bubble.id)).length;
    if (first) this.complain("");
    else if (!this.stuck && !this.growing) this.below += fresh;
    this.entry = entry;
    this.held = entry.bubbles;
    this.outbox.forget(new Set(this.held.map((bubble) => bubble.id)));
    if (first) this.outbox.begin(this.held.at(-1)?.id ?? "");
    this.head();
    this.render();
    this.look();
  }

  head() {
    const { entry } = this;
    face(find(".face", this.root), entry);
    put(find(".who h1", this.root), title(entry));
    put(find(".who p", this.root), subtitle(entry));
    const unread = document.hidden && entry.unread;
    document.title = unread ? say("new_count", { count: unread, title: title(entry) }) : title(entry);
    const join = find(".join", this.root);
    show(join, !entry.joined && !this.outbox.entries.some((sent) => sent.text === entry.code));
    const code = entry.code || (entry.unitCode && entry.role);
    show(find("button", join), Boolean(code));
    put(find("button span", join), entry.code ? say("join_with", { code: entry.code.replaceAll(" ", "\u00a0") }) : say("get_code"));
  }

  // Looked at: nothing here is unread any more.
  look() {
    if (this.entry.unread && !document.hidden) tell(`/phones/${this.name}/seen`, {}).catch(() => {});
  }

  async join() {
    if (this.entry.code) return this.send({ text: this.entry.code });
    try {
      const entry = await tell("/phones", { unit: this.entry.unitCode, role: this.entry.role });
      if (entry.name !== this.name) location.assign(`/phone/${entry.name}`);
      else await this.refresh();
    } catch (trouble) {
      this.complain(trouble.message);
    }
  }

  // -- showing

  items() {
    const shown = new Set(this.held.map((bubble) => bubble.id));
    const waiting = this.outbox.entries.filter((entry) => !shown.has(entry.id));
    const items = [...this.held];
    for (const entry of waiting) {
      const above = items.findIndex((item) => item.id === entry.after);
      const known = entry.state !== "failed" && (above >= 0 || entry.after === "");
      items.splice(known ? above + 1 : items.length, 0, entry);
    }
    return items;
  }

  render() {
    const items = this.items();
    const nodes = [];
    let day = "";
    let above = null;
    for (const item of items) {
      if (item.day && item.day !== day) {
        nodes.push(this.dayNode(item.day, item.id));
        day = item.day;
        above = null;
      }
      // an answer right below what it answers needs no quote
      const evident = !item.mine && above?.id === item.replyTo;
      nodes.push(this.bubbleNode(item, above?.mine === item.mine, evident ? "" : this.quoted(item.replyTo)));
      above = item;
    }
    arrange(this.list, nodes);
    const shown = new Set(nodes);
    for (const [key, node] of this.nodes) if (!shown.has(node)) this.nodes.delete(key);
    const older = find(".older", this.root);
    show(older, Boolean(this.entry?.more));
    const empty = find(".empty", this.root);
    put(empty, say(this.entry?.joined ? "no_messages" : "no_messages_yet"));
    show(empty, Boolean(this.entry) && !items.length);
    this.settle();
  }

  dayNode(day, before) {
    const key = `day:${day}:${before}`;
    if (!this.nodes.has(key)) {
      const node = document.createElement("li");
      node.className = "day";
      node.append(document.createElement("span"));
      node.firstChild.textContent = day;
      this.nodes.set(key, node);
    }
    return this.nodes.get(key);
  }

  bubbleNode(item, joinsAbove, quote) {
    const node = this.nodes.get(item.id) ?? this.newBubble(item);
    const { file, ...rest } = item;
    const state = JSON.stringify([rest, file?.url ?? file?.name, joinsAbove, quote]);
    if (node.dataset.state !== state) this.dress(node, item, joinsAbove, quote);
    node.dataset.state = state;
    return node;
  }

  newBubble(item) {
    const node = copy("#t-bubble");
    node.dataset.id = item.id;
    node.classList.add(item.mine ? "mine" : "theirs");
    const reply = () => this.reply(item.id);
    const answer = find(".answer", node);
    if (item.mine) answer.remove();
    else {
      answer.addEventListener("click", reply);
      find(".box", node).addEventListener("click", (event) => {
        if (!event.target.closest("a, button") && getSelection().isCollapsed) reply();
      });
    }
    find(".quote", node).addEventListener("click", () => this.goTo(node.dataset.quotes));
    find(".again", node).addEventListener("click", () => this.outbox.retry());
    find(".discard", node).addEventListener("click", () => this.outbox.discard(item.id));
    this.nodes.set(item.id, node);
    return node;
  }

  dress(node, item, joinsAbove, quote) {
    node.classList.toggle("joins-above", joinsAbove);
    node.classList.toggle("wordless", !item.text);
    node.classList.toggle("pictured", Boolean(item.file?.picture && item.file.url));
    const text = find(".text", node);
    put(text, item.text ?? "");
    show(text, Boolean(item.text));
    node.dataset.quotes = item.replyTo ?? "";
    put(find(".quote", node), quote);
    show(find(".quote", node), Boolean(quote));
    this.dressFile(node, item.file);
    const time = find("time", node);
    put(time, item.time ?? "");
    time.dateTime = item.at ?? "";
    const failed = item.state === "failed";
    const state = item.mine ? item.state ?? "delivered" : "";
    node.dataset.sending = state;
    const mark = find(".state", node);
    mark.setAttribute("aria-label", state ? say(state) : "");
    mark.setAttribute("role", state ? "img" : "presentation");
    const trouble = find(".trouble", node);
    show(trouble, failed);
    put(find("span", trouble), item.why || say("failed"));
    show(find(".again", node), failed && item.again);
    this.dressButtons(node, item.buttons ?? []);
  }

  dressFile(node, file) {
    const picture = find(".picture", node);
    const link = find(".file", node);
    const image = find("img", picture);
    show(picture, Boolean(file?.picture && file.url));
    show(link, Boolean(file) && !(file.picture && file.url));
    if (!file) return;
    put(find("b", link), file.name || say("a_file"));
    put(find("small", link), typeof file.size === "string" ? file.size : "");
    if (!file.url) return;
    link.href = `${file.url}?save`;
    link.download = file.name;
    if (!file.picture) return;
    picture.href = file.url;
    image.alt = say("picture", { name: file.name });
    image.onerror = () => {
      show(picture, false);
      show(link, true);
      node.classList.remove("pictured");
    };
    if (!image.getAttribute("src")) image.src = file.url;
  }

  dressButtons(node, buttons) {
    const row = find(".choices", node);
    show(row, buttons.length > 0);
    row.replaceChildren(...buttons.map(({ label, data }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.addEventListener("click", () => this.press(button, label, data));
      return button;
    }));
  }

  quoted(id) {
    if (!id) return "";
    const item = this.items().find((other) => other.id === id);
    return item ? firstLine(item) : "";
  }

  goTo(id) {
    const node = this.nodes.get(id);
    if (!node) return;
    node.scrollIntoView({ block: "center" });
    node.classList.remove("pointed");
    requestAnimationFrame(() => node.classList.add("pointed"));
  }

  // -- sending

  send(entry) {
    this.stuck = true;
    this.outbox.add(entry, this.entry && (this.items().at(-1)?.id ?? ""));
    if (this.entry) this.head();
    this.refresh();
  }

  press(button, label, data) {
    for (const other of button.parentNode.children) other.classList.remove("pressed");
    button.classList.add("pressed");
    button.disabled = true;
    setTimeout(() => { button.disabled = false; }, 1200);
    this.send({ text: label, button: data });
  }

  submit() {
    const text = this.input.value.trim();
    if (!text && !this.staged.length) return;
    const { replyTo } = this;
    const album = this.staged.length > 1 ? crypto.randomUUID() : "";
    const files = this.staged;
    this.staged = [];
    this.input.value = "";
    this.reply("");
    this.showStaged();
    this.complain("");
    this.grow();
    if (!files.length) this.send({ text, replyTo });
    files.forEach((file, index) => this.send({ text: index ? "" : text, replyTo, file, album }));
    this.input.focus();
  }

  reply(id) {
    this.replyTo = id;
    const bar = find(".answering", this.root);
    const item = id && this.items().find((other) => other.id === id);
    put(find("p", bar), item ? firstLine(item) : "");
    bar.setAttribute("aria-label", item ? say("quoted", { text: firstLine(item) }) : "");
    show(bar, Boolean(item));
    if (item) this.input.focus();
  }

  complain(text) {
    const node = find(".composer .complaint", this.root);
    put(node, text);
    show(node, Boolean(text));
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight}px`;
    this.root.classList.toggle("ready", Boolean(this.input.value.trim() || this.staged.length));
  }

  listenToComposer() {
    find(".composer", this.root).addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.input.addEventListener("input", () => this.grow());
    this.input.addEventListener("keydown", (event) => {
      const composing = event.isComposing || event.keyCode === 229; // Telex and VNI keyboards build a letter first
      if (event.key === "Enter" && !event.shiftKey && !composing && !touched.matches) {
        event.preventDefault();
        this.submit();
      }
    });
    this.root.addEventListener("keydown", (event) => event.key === "Escape" && this.replyTo && this.reply(""));
    find(".answering button", this.root).addEventListener("click", () => this.reply(""));
  }

  listenToFiles() {
    const picker = find("#picker");
    const drop = find(".drop", this.root);
    find(".pick", this.root).addEventListener("click", () => picker.click());
    picker.addEventListener("change", () => {
      this.stage([...picker.files]);
      picker.value = "";
    });
    this.input.addEventListener("paste", (event) => {
      if (!event.clipboardData.files.length) return;
      event.preventDefault();
      this.stage([...event.clipboardData.files]);
    });
    this.root.addEventListener("dragover", (event) => {
      event.preventDefault();
      show(drop, true);
    });
    drop.addEventListener("dragleave", () => show(drop, false));
    this.root.addEventListener("drop", (event) => {
      event.preventDefault();
      show(drop, false);
      this.stage([...event.dataTransfer.files]);
    });
  }

  stage(files) {
    const refused = files.map((file) => {
      if (file.size > LARGEST_FILE) return say("file_too_large", { name: file.name });
      return file.size ? "" : say("file_empty", { name: file.name });
    });
    this.staged.push(...files.filter((_, index) => !refused[index]));
    this.complain(refused.filter(Boolean).join(" "));
    this.showStaged();
    this.grow();
    this.input.focus();
  }

  showStaged() {
    const list = find(".staged", this.root);
    show(list, this.staged.length > 0);
    list.replaceChildren(...this.staged.map((file) => {
      const item = document.createElement("li");
      const name = document.createElement("span");
      const remove = document.createElement("button");
      name.textContent = file.name;
      remove.type = "button";
      remove.textContent = "×";
      remove.setAttribute("aria-label", say("remove", { name: file.name }));
      remove.addEventListener("click", () => {
        this.staged = this.staged.filter((other) => other !== file);
        this.showStaged();
        this.grow();
      });
      item.append(name, remove);
      return item;
    }));
  }

  // -- staying at the newest message, unless somebody reads further up; one taller than the screen is read from its top

  listenToScroll() {
    const latest = find(".latest", this.root);
    let before = 0;
    this.scroll.addEventListener("scroll", () => {
      const { scrollTop } = this.scroll; // only a move upwards is a wish to stay there: a picture that loads moves nothing
      this.atEnd = this.distance() < NEAR;
      if (this.atEnd) this.stuck = true;
      else if (scrollTop < before - 1) this.stuck = false;
      before = scrollTop;
      if (Math.abs(scrollTop - this.put) > 1) this.moved = true;
      this.scroll.classList.add("moving");
      clearTimeout(this.resting);
      this.resting = setTimeout(() => this.scroll.classList.remove("moving"), 900);
      if (this.stuck) this.below = 0;
      this.showLatest();
    });
    latest.addEventListener("click", () => {
      this.stuck = true;
      this.below = 0;
      this.scroll.scrollTop = this.scroll.scrollHeight;
      this.showLatest();
    });
    find(".older", this.root).addEventListener("click", () => this.loadOlder());
    const watch = new ResizeObserver(() => this.settle());
    watch.observe(this.scroll);
    watch.observe(find(".content", this.root));
  }

  distance() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight;
  }

  settle() {
    if (this.stuck) {
      const newest = this.list.lastElementChild;
      const came = newest !== this.placed;
      if (came) this.moved = false;
      this.placed = newest;
      if (!this.moved) this.scroll.scrollTop = Math.min(this.scroll.scrollHeight, this.beginning(newest));
      else if (this.atEnd) this.scroll.scrollTop = this.scroll.scrollHeight;
      this.put = this.scroll.scrollTop;
      this.below = 0;
    }
    this.showLatest();
  }

  // Where to scroll to for the first line of what the bot said; what oneself wrote is known.
  beginning(bubble) {
    if (!bubble?.classList.contains("theirs")) return Infinity;
    const above = bubble.getBoundingClientRect().top - this.scroll.getBoundingClientRect().top;
    return this.scroll.scrollTop + above - ABOVE;
  }

  showLatest() {
    const latest = find(".latest", this.root);
    show(latest, !this.stuck || this.distance() >= NEAR);
    badge(find(".badge", latest), this.below);
  }

  async loadOlder() {
    const fromEnd = this.scroll.scrollHeight - this.scroll.scrollTop;
    this.most += 300;
    this.growing = true;
    this.stuck = false;
    await this.refresh();
    this.growing = false;
    this.scroll.scrollTop = this.scroll.scrollHeight - fromEnd;
  }
}

function firstLine(item) {
  const line = (item.text ?? "").split("\n").find((part) => part.trim());
  return (line ?? item.file?.name ?? say("a_file")).slice(0, 140);
}

// ---- beginning

async function begin() {
  const said = await ask("/words");
  words = said.words;
  document.documentElement.lang = said.language;
  fill(document);
  languageSwitch(said.languages, said.language);
  const name = /^\/phone\/([a-z0-9-]+)$/.exec(location.pathname)?.[1];
  const shown = name ? new Phone(name) : new Overview();
  const clock = framed ? null : new Clock();
  const heard = (change) => {
    shown.heard(change);
    clock?.refresh();
  };
  new Live(heard, (up) => shown.line(up));
  heard({ all: true });
  document.body.classList.add("begun");
}

begin();
