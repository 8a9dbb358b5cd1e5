// Booking: the dialog, and Calendly's form in its frame. What the frame says is a hint; only the server says that something
// is booked. Loaded where there is something to book, or something that was.
const LOADING = 8_000;
const CONFIRMING = 60_000;
const LOOKS = [0, 2, 5, 10, 20, 40];
const LATER = 30_000;
const LEAST = 630;
const MOST = 4_000;

let open;
let opener;

// Going back in the history brings others.
const dialog = () => document.getElementById('booking');
const body = () => document.getElementById('booking-body');

const text = value => (typeof value === 'string' && value.length < 1000 ? value : '');
const state = () => open?.box.dataset.state;
const later = (wait, act) => { const it = open; it.timers.push(setTimeout(() => it === open && it.box.isConnected && act(), wait)); };

function show(name) {
  open.box.dataset.state = name;
  for (const part of open.box.querySelectorAll('[data-when]')) part.hidden = !part.dataset.when.split(' ').includes(name);
}

function forget() {
  for (const timer of open?.timers ?? []) clearTimeout(timer);
  open = null;
}

function load() {
  for (const timer of open.timers.splice(0)) clearTimeout(timer);
  open.frame.src = open.frame.dataset.src;
  show('loading');
  later(LOADING, () => state() === 'loading' && show('failed'));
}

// A form of Calendly's that has come into the page, or the end of one that has left it.
function find() {
  if (open && !open.box.isConnected) forget();
  const frame = document.querySelector('[data-frame] iframe');
  if (!frame || open) return;
  const box = frame.closest('.booking');
  open = { box, frame, form: box.querySelector('form[data-check]'), origin: new URL(frame.dataset.src, location.href).origin, timers: [] };
  load();
}

function look(why) {
  // Whoever has closed the dialog is told by a toast.
  open.form.elements.why.value = dialog()?.open === false ? 'closed' : why;
  open.form.requestSubmit();
}

// Asks again and again; when it is booked, the answer takes the place of all this.
function confirm() {
  show('confirming');
  for (const after of LOOKS) later(after * 1000, () => look('told'));
  later(CONFIRMING, () => { show('unconfirmed'); again(); });
}

function again() {
  look('told');
  later(LATER, again);
}

addEventListener('message', ({ origin, source, data }) => {
  if (!open) return;
  if (source !== open.frame.contentWindow || origin !== open.origin || !text(data?.event).startsWith('calendly.')) {
    open.box.dataset.ignored = Number(open.box.dataset.ignored ?? 0) + 1;
    return;
  }
  if (state() === 'loading' || state() === 'failed') show('ready');
  if (data.event === 'calendly.page_height') {
    const height = parseInt(text(data.payload?.height), 10);
    if (height > 0) open.frame.height = Math.min(Math.max(height, LEAST), MOST);
  } else if (data.event === 'calendly.date_and_time_selected') {
    open.picked = true;
  } else if (data.event === 'calendly.event_scheduled' && !open.told) {
    open.told = true;
    open.form.elements.event.value = text(data.payload?.event?.uri);
    open.form.elements.invitee.value = text(data.payload?.invitee?.uri);
    confirm();
  }
});

// Null where nothing is lost by leaving.
const question = () => (open?.picked && !open.told && open.box.isConnected ? open.box.querySelector('[data-leave]') : null);

function leave() {
  const ask = question();
  if (!ask || !ask.hidden) return dialog().close();
  ask.hidden = false;
  ask.querySelector('button').focus();
}

document.addEventListener('cancel', event => {
  if (event.target !== dialog()) return;
  event.preventDefault();
  leave();
}, true);

// A move, or a booking that nobody told us of, sends nothing: so the server looks once.
document.addEventListener('close', event => {
  if (event.target !== dialog()) return;
  // What it was opened with may have been read anew behind it.
  if (!opener.isConnected) document.querySelector(`main a[href="${CSS.escape(opener.getAttribute('href'))}"]`)?.focus();
  if (open) look('closed');
  else body().replaceChildren();
}, true);

document.addEventListener('click', async event => {
  const it = event.target.closest?.('a, button');
  if (!it || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const { dataset } = it;
  if ('close' in dataset) leave();
  else if ('leaveNow' in dataset) dialog() ? dialog().close() : history.back();
  else if ('stay' in dataset) it.closest('[data-leave]').hidden = true;
  else if ('retry' in dataset) load();
  else if ('look' in dataset) state() === 'elsewhere' ? confirm() : look('told');
  else if ('tab' in dataset && open) { show('elsewhere'); open.away = true; }
  else if ('away' in dataset) it.closest('.row').dataset.away = '';
  else if (dialog() && it.matches('a[href^="/book/"]:not([target])')) {
    event.preventDefault();
    opener = it;
    body().replaceChildren();
    dialog().showModal();
    await htmx.ajax('GET', it.getAttribute('href'), { source: body(), target: body() });
    // Neither a form nor a reason why there is none: the page of its own says more.
    if (dialog()?.open && !body().firstElementChild) location.assign(it.href);
  }
});

// Back from Calendly, in another tab.
function back() {
  if (document.hidden) return;
  if (open?.away && open.box.isConnected) look('back');
  for (const row of document.querySelectorAll('.row[data-away]')) {
    delete row.dataset.away;
    row.dispatchEvent(new Event('look'));
  }
}

document.addEventListener('visibilitychange', back);
addEventListener('focus', back);
addEventListener('pagehide', () => {
  if (!open || !open.box.isConnected || dialog()?.open === false) return;
  open.form.elements.why.value = 'closed';
  navigator.sendBeacon(open.form.action, new FormData(open.form));
});

document.addEventListener('htmx:after:settle', find);
document.addEventListener('htmx:finally:request', event => {
  // What was closed goes once the server has looked, unless it is still waited for.
  if (dialog()?.open === false && event.detail.ctx.sourceElement === open?.form && !open.told) {
    forget();
    body().replaceChildren();
  }
});
find();
