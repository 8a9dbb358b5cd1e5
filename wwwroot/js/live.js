// Live pages: the stream's events become requests for what they are about, each once. Without the stream the same events are
// asked for now and then. The stream's state is on <html data-live>.
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

// Going back in the history brings others.
const stream = () => document.getElementById('stream');
const isOurs = ctx => ctx?.sourceElement?.id === 'stream';
const jitter = wait => wait * (.8 + Math.random() * .4);
const wordsOf = it => it.textContent.replace(/\s+/g, ' ').trim();

function state(name) {
  root.dataset.live = name;
}

function later(wait, act) {
  clearTimeout(timer);
  timer = setTimeout(act, jitter(wait));
}

function end(words) {
  if (over) return;
  over = true;
  clearTimeout(timer);
  state('off');
  toast(words, 'bad');
}

function open() {
  if (over || document.hidden || opening || stream()._htmx?.sse) return;
  opening = true;
  htmx.trigger(stream(), 'stream-open', {}, false);
}

// Only here is it listened to: by itself it might be open, and have spoken, before this script is there.
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
  state('polling');
  later(wait ?? EVERY, poll);
}

// What was missed, and then the stream again, unless other pages of the same person need it more.
async function poll() {
  if (over || document.hidden) return;
  later(EVERY, poll);
  hold(poll);
  try {
    const answer = await fetch(`/live/since?after=${last ?? stream().dataset.since}`, { headers: { Accept: 'application/json' } });
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
document.addEventListener('htmx:before:request', event => {
  const { request } = event.detail.ctx;
  if (request.method === 'POST') posted.set(request.action, Date.now());
});
document.addEventListener('htmx:finally:request', event => {
  const { ctx } = event.detail;
  const headers = ctx.response?.headers;
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
  state('live');
});
document.addEventListener('superseded', () => {
  superseded = true;
  state('polling');
  later(EVERY, poll);
});
document.addEventListener('session-expired', event => {
  end(event.detail.data ? LEFT : 'You are signed out. Load the page again to sign in.');
});

// Asked for by the page itself and refused: nobody has pressed anything, so nothing may be lost with the page.
document.addEventListener('htmx:before:response', event => {
  const { ctx } = event.detail;
  if (ctx.response.status !== 401 || !(ctx.live || KINDS.includes(ctx.sourceEvent?.type))) return;
  event.preventDefault();
  end(LEFT);
});

// Ours, when this tab has just sent something to an address with that id in it: then the answer has said it already.
function isOwn(id) {
  for (const [action, at] of posted) if (Date.now() - at > OWN) posted.delete(action);
  return [...posted.keys()].some(action => action.includes(id));
}

function say(words) {
  if (words) document.getElementById('live').textContent = words;
}

// With as many rows as the list has by now, however many pages were loaded.
function whole(list, url) {
  if (!list.dataset.news) return url;
  const all = new URL(url, location.href);
  all.searchParams.set('shown', list.querySelectorAll('.row').length);
  return all.pathname + all.search;
}

// Reads a part anew where it stands: the focus stays in its place inside, what is being read at its height.
async function renew(part, url, target = part) {
  const stops = of => [...of.querySelectorAll('a, button, input, select, textarea, summary, [tabindex]')];
  const active = part.contains(document.activeElement) ? document.activeElement : null;
  const row = active?.closest('.row[id]');
  const place = active && stops(row ?? part).indexOf(active);
  const top = it => it.getBoundingClientRect().top;
  const read = row ?? (scrollY > 0 && [...part.querySelectorAll('.row[id]')].find(it => top(it) >= 0));
  const height = read && top(read);
  const was = wordsOf(part);
  await htmx.ajax('GET', url, { source: part, target, swap: 'outerHTML', live: true });
  const now = document.getElementById(part.id);
  if (!now || now === part) return null;
  const there = read && document.getElementById(read.id);
  if (there) scrollBy(0, top(there) - height);
  if (active) {
    const of = row ? there : now;
    const found = of && (stops(of)[place] ?? of.querySelector('.n > a'));
    (found ?? now.querySelector('h1'))?.focus({ preventScroll: true });
  }
  return wordsOf(now) === was ? null : now;
}

function tint(it) {
  it.dataset.tint = '';
  setTimeout(() => delete it.dataset.tint, 1500);
}

function show(now) {
  if (now) tint(now);
  say(now?.dataset.said);
  return now;
}

// While somebody is typing in it, it only says that it is no longer what it was.
function warn(row, url) {
  const slot = row.querySelector('.slot');
  if (slot.querySelector('[data-testid="changed-meanwhile"]')) return;
  const note = document.createElement('p');
  note.className = 'small';
  note.dataset.testid = 'changed-meanwhile';
  const link = document.createElement('a');
  link.href = url;
  link.textContent = 'See it as it is now';
  note.append('This session changed meanwhile. ', link);
  slot.prepend(note);
  say('This session changed meanwhile.');
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
  for (const part of all) show(await renew(part, part.dataset.renew));
  return all.length;
}

async function session(id) {
  const panel = document.getElementById('sessions');
  await parts(id);
  const row = document.getElementById(`session-${id}`);
  if (panel && row && !isOwn(id)) {
    const typing = row.querySelector('form.cancel');
    if (typing) warn(row, `/sessions/${id}`);
    else if (row.dataset.state !== 'canceling' && show(await renew(row, `/sessions/${id}/row?live=1`))) count(panel);
  }
  if (!panel?.dataset.news) return;
  if (!row) ids.add(id);
  clearTimeout(said);
  said = setTimeout(() => quietly(() => htmx.ajax('GET', whole(panel, `${panel.dataset.news}ids=${[...ids]}`), { source: panel, target: '#session-news', swap: 'innerHTML', live: true })), CALM / 3);
}

// Whole lists, for what is not known by its row. Not while a form is open in them.
async function lists(kind, id) {
  if (id && (isOwn(id) || await parts(id))) return;
  for (const list of document.querySelectorAll(`[data-lists~="${kind}"]`)) {
    const form = list.querySelector('form.cancel');
    if (form) warn(form.closest('.row'), list.dataset.self);
    else await renew(list, whole(list, list.dataset.self));
  }
}

async function quietly(act) {
  const token = {};
  hold(token);
  try {
    await act();
  } finally {
    // What listens in the markup waits a little, so that several events ask once.
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

// On with the first of what is new. By then htmx names the list as the source, not what was pressed.
const pressed = new WeakMap();
document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
  if (ctx.sourceElement.dataset?.fresh) pressed.set(ctx, ctx.sourceElement.dataset.fresh);
});
document.addEventListener('htmx:finally:request', event => {
  const fresh = pressed.get(event.detail.ctx);
  if (!fresh) return;
  ids = new Set();
  queueMicrotask(() => {
    const rows = [...document.querySelectorAll('.row[data-uuid]')].filter(row => fresh.split(',').includes(row.dataset.uuid));
    rows.forEach(tint);
    rows[0]?.querySelector('.n > a')?.focus();
  });
});

// After htmx, which begins in a timer of its own that was set before.
setTimeout(begin);
