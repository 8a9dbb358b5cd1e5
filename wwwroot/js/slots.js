// Open times: one tab stop, arrows among them; a list view and weeks by key; read again after a minute.
const STALE = 60_000;
const box = () => document.querySelector('[data-slots]');
const slots = () => [...(box()?.querySelectorAll('#slots .free') ?? [])].filter(slot => slot.offsetParent);
const day = slot => slot.closest('[data-day]');
const clock = slot => slot.textContent;
let current;

function rove(to) {
  const all = slots();
  const stop = all.find(slot => slot.value === (to?.value ?? current)) ?? all[0];
  for (const slot of all) slot.tabIndex = slot === stop ? 0 : -1;
  current = stop?.value;
}

function move(from, to) {
  if (!to || to === from) return;
  rove(to);
  to.focus();
}

// The time nearest to this one's, on the next day that has any.
function beside(from, step) {
  const all = slots();
  const days = [...new Set(all.map(day))];
  const next = days[days.indexOf(day(from)) + step];
  return all.filter(slot => day(slot) === next).sort((a, b) => Math.abs(minutes(a) - minutes(from)) - Math.abs(minutes(b) - minutes(from)))[0];
}

const minutes = slot => { const [hour, minute] = clock(slot).split(':'); return parseInt(hour) * 60 + parseInt(minute); };
const press = selector => document.querySelector(selector)?.click();

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !box()) return;
  if (event.target.closest?.('input, select, textarea, [contenteditable]')) return;
  const slot = event.target.closest?.('#slots .free');
  const all = slots();
  const at = all.indexOf(slot);
  const same = slot ? all.filter(other => day(other) === day(slot)) : [];
  if (slot && event.key === 'ArrowDown') move(slot, all[at + 1]);
  else if (slot && event.key === 'ArrowUp') move(slot, all[at - 1]);
  else if (slot && event.key === 'ArrowRight') move(slot, beside(slot, 1));
  else if (slot && event.key === 'ArrowLeft') move(slot, beside(slot, -1));
  else if (slot && event.key === 'Home') move(slot, same[0]);
  else if (slot && event.key === 'End') move(slot, same.at(-1));
  else if (event.key === 'PageDown' || event.key === ']') press('[data-step="1"]');
  else if (event.key === 'PageUp' || event.key === '[') press('[data-step="-1"]');
  else if (event.key === 't') press('[data-step="0"]');
  else if (event.key === 'v') press(document.querySelector('#view-list[aria-current]') ? '#view-week' : '#view-list');
  else return;
  event.preventDefault();
});

document.addEventListener('focusin', event => {
  if (event.target.matches?.('#slots .free')) rove(event.target);
});

document.addEventListener('submit', event => {
  const chosen = event.submitter;
  if (!chosen?.matches('.free')) return;
  for (const slot of slots()) slot.removeAttribute('aria-pressed');
  chosen.setAttribute('aria-pressed', 'true');
});

document.addEventListener('htmx:after:settle', () => rove());
setInterval(() => {
  // Not while somebody is about to act on what was chosen.
  if (!document.hidden && !document.querySelector('#picked:not(:empty)')) box()?.dispatchEvent(new Event('times-old'));
}, STALE);
rove();
