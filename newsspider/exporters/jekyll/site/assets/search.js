// Looks the words of ?q= up in the posts, newest first. The posts lie in files of 150: search.json has
// the newest, then come search/<number>.json, counted from the oldest. One step reads at most STEP
// bytes, and ends when it has found ENOUGH; the button takes the next step. A word matches anywhere in
// a text, so that it is found in languages that write no spaces, too.
"use strict";

const STEP = 250000;
const ENOUGH = 20;
const MOST_WORDS = 10;

const results = document.getElementById("results");
const [state, list, more] = results.children;
const field = document.querySelector(".search input");
const locale = document.documentElement.lang || "en";
// English days as the other pages of the site write them: 15 June 2022.
const days = new Intl.DateTimeFormat(/^en\b/.test(locale) ? "en-GB" : locale, { dateStyle: "long", timeZone: "UTC" });
const read = new Map(); // number of a file -> its posts
let search = null; // of the page: its words, the files it has not read, the day it has come to

// Without accents and case; upper case first makes SS of ß.
const folded = (text) =>
  text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toUpperCase().toLowerCase();

const dayOf = (post) => days.format(new Date(post[2] + "T00:00:00Z"));

async function posts(number) {
  if (!read.has(number)) {
    const name = number ? `search/${number}` : "search";
    const answer = await fetch(`${results.dataset.base}/${name}.json`);
    const bytes = answer.ok ? await answer.arrayBuffer() : new ArrayBuffer(0);
    const rows = bytes.byteLength ? JSON.parse(new TextDecoder().decode(bytes)) : [];
    read.set(number, rows.map((post) => [...post, folded(post.join("\n").slice(post[0].length))]));
    return [read.get(number), bytes.byteLength];
  }
  return [read.get(number), 0];
}

// Texts of posts only ever become text. An address leads nowhere but into this site.
function item([address, title, , source, language, text], day) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  const url = new URL(address, location.href);
  if (url.origin === location.origin) link.href = url.href;
  link.textContent = title;
  link.dir = "auto";
  if (language) link.lang = language;
  const meta = document.createElement("p");
  meta.className = "meta";
  meta.textContent = [source, day].filter(Boolean).join(" · ");
  const summary = document.createElement("p");
  summary.textContent = text;
  summary.dir = "auto";
  if (language) summary.lang = language;
  line.append(link, meta, summary);
  return line;
}

// The numbers of the files, the newest posts first; 0 is search.json.
function files() {
  const count = Number(results.dataset.files);
  return [0, ...Array.from({ length: count }, (_, at) => count - at)];
}

async function step() {
  const own = search;
  let found = 0, bytes = 0, largest = 0, last = "";
  more.hidden = true;
  while (own.left.length && found < ENOUGH && bytes + largest <= STEP) {
    const [rows, size] = await posts(own.left.shift());
    if (own !== search) return; // a newer search
    for (const post of rows) {
      last = dayOf(post);
      if (own.words.every((word) => post[6].includes(word))) {
        list.append(item(post, last));
        found += 1;
      }
    }
    bytes += size;
    largest = Math.max(largest, size);
  }
  own.last = last || own.last;
  const count = results.dataset.count.replace("%", list.children.length);
  state.textContent = own.last ? `${count} · ${results.dataset.searched.replace("%", own.last)}` : count;
  more.hidden = !own.left.length;
}

function start(words) {
  const parts = folded(words).split(/\s+/).filter(Boolean);
  search = { words: parts.slice(0, MOST_WORDS), left: files(), last: "" };
  list.replaceChildren();
  state.textContent = "";
  if (search.words.length) step();
}

document.querySelector(".search").addEventListener("submit", (event) => {
  event.preventDefault();
  const address = new URL(location.href);
  address.searchParams.set("q", field.value);
  history.replaceState(null, "", address);
  start(field.value);
});
more.firstElementChild.addEventListener("click", step);
field.value = new URLSearchParams(location.search).get("q") || "";
start(field.value);
if (!field.value) field.focus();
