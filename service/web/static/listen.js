// The only script of the public site, on the pages made for listening (听这篇). Reads one sentence after the other with the
// device's own voice and shows which. Sends nothing anywhere. Without it the page is plain text that a phone can read itself.
const PACES = [0.6, 0.75, 0.9, 1, 1.2];
const WAIT = 3000; // milliseconds in which browsers hand out their voices
const find = (id) => document.getElementById(id);
const player = find("player");
const texts = player.dataset;
const lines = [...document.querySelectorAll(".sentence")];
const engine = window.speechSynthesis;
let voice = null, at = 0, pace = 3, reading = false, turn = 0, words = null;

// A Mandarin voice of the device; one that lives on somebody's server only if there is no other.
function pick() {
  const far = (one) => (/cn|hans/i.test(one.lang) ? 0 : /hk|hant|tw/i.test(one.lang) ? 4 : 2) + (one.localService ? 0 : 1);
  const known = engine.getVoices().filter((one) => /^(zh|cmn)/i.test(one.lang));
  return known.sort((a, b) => far(a) - far(b))[0] ?? null;
}

function tell(text) { find("heard").textContent = text; }

function show() {
  lines.forEach((line, index) => {
    if (index === at && words) line.setAttribute("aria-current", "true"); else line.removeAttribute("aria-current");
  });
  find("play").textContent = reading ? texts.pause : words ? texts.resume : texts.play;
  find("place").textContent = texts.place.replace("{at}", words ? at + 1 : 0).replace("{all}", lines.length);
  find("pace").textContent = texts.paces.split("|")[pace];
}

function hush() { turn += 1; reading = false; if (engine.speaking || engine.pending) engine.cancel(); }

// Pausing a voice in the middle is unreliable on telephones, so a pause ends it and going on repeats the sentence.
function pause() { hush(); show(); }

function stop(text = "") { hush(); at = 0; words = null; tell(text); show(); }

function speak() {
  hush();
  const mine = turn;
  reading = true;
  tell("");
  words = new SpeechSynthesisUtterance(lines[at].dataset.say ?? lines[at].textContent); // kept: a forgotten one falls silent
  words.voice = voice;
  words.lang = voice.lang.replace("_", "-");
  words.rate = PACES[pace];
  words.onend = () => { if (mine === turn) { if (at + 1 < lines.length) { at += 1; speak(); } else stop(texts.over); } };
  words.onerror = () => { if (mine === turn) { pause(); tell(texts.broken); } };
  engine.speak(words);
  show();
  lines[at].scrollIntoView({ block: "nearest" });
}

function faster(step) {
  pace = Math.max(0, Math.min(PACES.length - 1, pace + step));
  if (reading) speak(); else show();
}

const acts = {
  play: () => (reading ? pause() : speak()),
  stop: () => stop(),
  back: () => { at = Math.max(0, at - 1); speak(); },
  slower: () => faster(-1),
  faster: () => faster(1),
};

function ready() {
  voice = pick();
  if (!voice || !lines.length || !player.hidden) return;
  player.hidden = false;
  find("own").hidden = true;
  tell("");
  show();
}

if (engine && "SpeechSynthesisUtterance" in window) {
  for (const [id, act] of Object.entries(acts)) find(id).addEventListener("click", act);
  addEventListener("pagehide", pause);
  engine.addEventListener("voiceschanged", ready);
  const asking = setInterval(ready, 250); // some browsers never say that their voices have come
  setTimeout(() => { clearInterval(asking); if (!voice) tell(texts.silent); }, WAIT);
  ready();
} else tell(texts.mute);
