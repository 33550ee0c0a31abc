// The desk's only script: live updates, keys for the queue, autosave. Everything works without it.
const say = (id, text) => { const place = document.getElementById(id); if (place) place.textContent = text; };

function autosave(form) {
  const url = form.dataset.autosave;
  const token = form.elements.csrf.value;
  let timer = 0;
  const send = async () => {
    const fields = new FormData(form);
    const body = Object.fromEntries([...new Set(fields.keys())].filter((name) => name !== "csrf").map((name) => [name, fields.getAll(name)]));
    try {
      const answer = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRF-Token": token }, body: JSON.stringify(body) });
      if (answer.ok) say("autosaved", new Date((await answer.json()).saved_at).toLocaleTimeString());
      else if (answer.status === 409) say("autosaved", form.dataset.busy);
    } catch { /* offline: the next keystroke tries again */ }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(send, 2000); });
}

function keys(list) {
  const rows = [...list.querySelectorAll(".rowline")];
  let at = -1;
  const go = (to) => {
    rows[at]?.removeAttribute("aria-selected");
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at]?.setAttribute("aria-selected", "true");
    rows[at]?.querySelector("a")?.focus();
  };
  const press = (name) => rows[at]?.querySelector(`[data-key="${name}"]`)?.click();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
    const acts = { j: () => go(at + 1), k: () => go(at - 1), o: () => rows[at]?.querySelector("a")?.click(), c: () => press("c"), "/": () => document.getElementById("f-q")?.focus(), "?": () => document.getElementById("keys")?.toggleAttribute("open") };
    const act = acts[event.key];
    if (act) { event.preventDefault(); act(); }
  });
}

function live(place) {
  const feed = new EventSource(place.dataset.live);
  feed.addEventListener("change", () => { place.hidden = false; });
}

document.querySelectorAll("form[data-autosave]").forEach(autosave);
document.querySelectorAll("[data-keys]").forEach(keys);
document.querySelectorAll("[data-live]").forEach(live);
