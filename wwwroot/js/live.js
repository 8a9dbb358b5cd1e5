// Live pages: the stream's events become requests for what they are about, each once. Without the stream they are asked for
// now and then. Its state is on <html data-live>.
import { hold, release } from './idle.js';
import { toast } from './toasts.js';

const EVERY = 120_000;
const AGAIN = 1_000;
const LIMITED = 8_000;
const OWN = 10_000;
const CALM = 150;
const KINDS = ['session', 'sessions', 'event-type', 'booking', 'notices', 'connection', 'catch-up'];
const LEFT = 'This page no longer follows changes. Load it again to go on.';

const root = document.documentElement;
const posted = new Map();
let failures = 0;
let superseded = false;
let over = false;
let timer;
let last;
let said;
let ids = new Set();
let begun;
let opening = false;
let turn = Promise.resolve();

// Going back in the history brings others.
const stream = () => document.getElementById('stream');
const isOurs = ctx => ctx.sourceElement.id === 'stream';
const wordsOf = it => it.textContent.replace(/\s+/g, ' ');

function later(wait, act) {
  clearTimeout(timer);
  timer = setTimeout(act, wait * (.8 + Math.random() * .4));
}

function end(words) {
  if (over) return;
  over = true;
  clearTimeout(timer);
  root.dataset.live = 'off';
  toast(words, 'bad');
}

function open() {
  if (over || document.hidden || opening || stream()._htmx?.sse) return;
  opening = true;
  htmx.trigger(stream(), 'stream-open', {}, false);
}

// By itself it might be open, and have spoken, before this script is there.
function begin() {
  if (begun === stream()) return;
  begun = stream();
  opening = false;
  open();
}

function failed(wait) {
  failures++;
  if (over) return;
  if (failures < 2) return later(wait ?? AGAIN, open);
  if (failures > 2 && root.dataset.live === 'polling') return;
  root.dataset.live = 'polling';
  later(wait ?? EVERY, poll);
}

// What was missed, and then the stream again, unless other pages of the same person need it more.
async function poll() {
  if (over || document.hidden) return;
  later(EVERY, poll);
  hold(poll);
  try {
    const answer = await fetch(`/live/since?after=${last ?? stream().dataset.since}`);
    if (answer.ok) {
      const news = await answer.json();
      for (const { event, subject, id } of news.events) htmx.trigger(stream(), event, { data: subject, id });
      last = news.last;
    }
  } catch {
    // Asked again in a while.
  }
  release(poll);
  if (!superseded) open();
}

document.addEventListener('htmx:config:request', event => {
  if (isOurs(event.detail.ctx) && last !== undefined) event.detail.ctx.request.headers['Last-Event-ID'] = String(last);
});
document.addEventListener('htmx:before:swap', event => {
  if (event.detail.ctx.live?.()) event.preventDefault();
});
document.addEventListener('htmx:before:request', event => {
  const { ctx } = event.detail;
  if (ctx.request.method === 'POST') posted.set(ctx.request.action, Date.now());
  // By the end htmx names the list as the source, not what was pressed.
  ctx.fresh = ctx.sourceElement.dataset?.fresh;
});
document.addEventListener('htmx:finally:request', event => {
  const { ctx } = event.detail;
  const headers = ctx.response?.headers;
  if (ctx.fresh) firstOf(ctx.fresh);
  if (!isOurs(ctx)) return;
  opening = false;
  if (headers?.get('Content-Type')?.includes('event-stream')) return;
  failed(Number(headers?.get('Retry-After')) * 1000 || undefined);
});
document.addEventListener('htmx:sse:error', event => failed(event.detail.status === 429 ? LIMITED : undefined));
document.addEventListener('htmx:sse:before:connection', event => {
  if (superseded || failures > 1) event.detail.connection.cancelled = event.detail.connection.attempt > 0;
});
document.addEventListener('htmx:sse:after:message', event => {
  const id = Number(event.detail.message.id);
  if (id) last = id;
});
document.addEventListener('visibilitychange', () => {
  if (document.hidden || over || root.dataset.live === 'live') return;
  superseded = false;
  poll();
});

document.addEventListener('live', () => {
  failures = 0;
  clearTimeout(timer);
  root.dataset.live = 'live';
});
document.addEventListener('superseded', () => {
  superseded = true;
  root.dataset.live = 'polling';
  later(EVERY, poll);
});
document.addEventListener('session-expired', event => {
  end(event.detail.data ? LEFT : 'You are signed out. Load the page again to sign in.');
});

// Refused what nobody has asked for by pressing: nothing may be lost with the page.
document.addEventListener('htmx:before:response', event => {
  const { ctx } = event.detail;
  if (ctx.response.status !== 401 || !(ctx.live || KINDS.includes(ctx.sourceEvent?.type))) return;
  event.preventDefault();
  end(LEFT);
});

// This tab has just sent something to an address with that id: the answer has said it already.
const isOwn = id => [...posted].some(([action, at]) => Date.now() - at < OWN && action.includes(id));

function say(words) {
  if (words) document.getElementById('live').textContent = words;
}

// With as many rows as the list has by now.
function whole(list, url) {
  if (!list.dataset.news) return url;
  const all = new URL(url, location.href);
  all.searchParams.set('shown', list.querySelectorAll('.row').length);
  return all.pathname + all.search;
}

// Not from the part itself, behind whose own request it might wait and be dropped.
const read = (url, target, swap, live = () => {}) => htmx.ajax('GET', url, { source: '#live', target, swap, live });

// Reads a part anew where it then stands: the focus stays where it was inside, what is being read at its height.
async function renew(part, urlOf) {
  let keep;
  await read(urlOf(part), part, 'outerHTML', () => {
    const form = part.querySelector('form.cancel');
    if (form) return warn(form.closest('.row'), part.dataset.self ?? `/sessions/${part.dataset.uuid}`);
    const stops = of => [...of.querySelectorAll('a, button, input, select, textarea, summary, [tabindex]')];
    const active = part.contains(document.activeElement) && document.activeElement;
    const row = active && active.closest('.row[id]');
    const place = stops(row || part).indexOf(active);
    const top = it => it.getBoundingClientRect().top;
    const seen = row || (scrollY > 0 && [...part.querySelectorAll('.row[id]')].find(it => top(it) >= 0));
    const height = seen && top(seen);
    const was = wordsOf(part);
    keep = now => {
      const there = seen && document.getElementById(seen.id);
      if (there) scrollBy(0, top(there) - height);
      if (active) {
        const of = row ? there : now;
        const found = of && (stops(of).find(it => it.isEqualNode(active)) ?? stops(of)[place] ?? of.querySelector('.n > a'));
        (found ?? now.querySelector('h1'))?.focus({ preventScroll: true });
      }
      return wordsOf(now) === was ? null : now;
    };
  });
  const now = document.getElementById(part.id);
  if (!now || now === part) return null;
  // Otherwise something else has taken its place.
  return keep ? keep(now) : renew(now, urlOf);
}

function tint(it) {
  it.dataset.tint = '';
  setTimeout(() => delete it.dataset.tint, 1500);
}

// On with the first of what is new.
function firstOf(fresh) {
  ids = new Set();
  queueMicrotask(() => {
    const rows = [...document.querySelectorAll('.row[data-uuid]')].filter(row => fresh.includes(row.dataset.uuid));
    rows.forEach(tint);
    rows[0]?.querySelector('.n > a')?.focus();
  });
}

function show(now) {
  if (now) tint(now);
  say(now?.dataset.said);
  return now;
}

// While somebody is typing in it, it only says that it is no longer what it was.
function warn(row, url) {
  const slot = row.querySelector('.slot');
  if (slot.querySelector('[data-testid="changed-meanwhile"]')) return true;
  const note = document.createElement('p');
  note.className = 'small';
  note.dataset.testid = 'changed-meanwhile';
  const link = document.createElement('a');
  link.href = url;
  link.textContent = 'See it as it is now';
  note.append('This session changed meanwhile. ', link);
  slot.prepend(note);
  say('This session changed meanwhile.');
  return true;
}

function count(panel) {
  const fits = row => (row.dataset.status === 'canceled') === (panel.dataset.counts === 'canceled');
  for (const day of panel.querySelectorAll('.day')) {
    const rows = [...day.querySelectorAll('.row')].filter(fits).length;
    day.querySelector('.day-head .small').textContent = rows === 1 ? '1 session' : `${rows} sessions`;
  }
  const tab = panel.querySelector('.tabs [aria-current] .num');
  if (tab && !tab.textContent.endsWith('+')) tab.textContent = [...panel.querySelectorAll('.row')].filter(fits).length;
}

// A session's page, the row of a booking.
async function parts(id) {
  const all = document.querySelectorAll(`[data-renew*="/${CSS.escape(id)}"]`);
  for (const part of all) show(await renew(part, it => it.dataset.renew));
  return all.length;
}

async function session(id) {
  const panel = document.getElementById('sessions');
  await parts(id);
  const row = document.getElementById(`session-${id}`);
  if (panel && row && !isOwn(id) && show(await renew(row, () => `/sessions/${id}/row?live=1`))) count(panel);
  if (!panel?.dataset.news) return;
  if (!row) ids.add(id);
  clearTimeout(said);
  said = setTimeout(() => quietly(() => read(whole(panel, `${panel.dataset.news}ids=${[...ids]}`), '#session-news', 'innerHTML')), CALM / 3);
}

// Whole lists, for what is not known by its row.
async function lists(kind, id) {
  if (id && (isOwn(id) || await parts(id))) return;
  for (const list of document.querySelectorAll(`[data-lists~="${kind}"]`)) await renew(list, it => whole(it, it.dataset.self));
}

// One after another: what was read before may not come over what was read after.
async function quietly(act) {
  const token = {};
  hold(token);
  try {
    await (turn = turn.then(act, act));
  } finally {
    // What listens in the markup waits a little and asks once.
    setTimeout(() => release(token), CALM);
  }
}

const heard = new Set();
for (const kind of KINDS) {
  document.addEventListener(kind, event => {
    if (event.target.id !== 'stream') return;
    const id = event.detail.data;
    const key = `${kind} ${id}`;
    // Several at once are one.
    if (heard.has(key)) return;
    heard.add(key);
    quietly(async () => {
      await new Promise(go => setTimeout(go, 10));
      heard.delete(key);
      if (kind === 'session') await session(id);
      else await lists(kind, id);
    });
  });
}

document.addEventListener('htmx:after:settle', () => {
  begin();
  const panel = document.getElementById('sessions');
  if (panel?.querySelector('.row[data-status="canceled"]')) count(panel);
});

// After htmx, which begins in a timer that was set before.
setTimeout(begin);
