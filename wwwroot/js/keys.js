// Single keys, off while typing: j and k walk the rows, c opens the cancel form (and never sends it), y copies the row's link,
// / goes to the search, and g with a letter to a place.
const ROW = '.row[id]';
const PLACES = { s: 'sessions', e: 'event-types', f: 'free-times', a: 'schedules' };
let leader = 0;

function walk(step) {
  const rows = [...document.querySelectorAll(ROW)];
  const at = rows.indexOf(document.activeElement?.closest?.(ROW));
  const row = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
  (row?.querySelector('[data-stop]') ?? row?.querySelector('.n > a'))?.focus();
}

const inRow = selector => document.activeElement?.closest?.(ROW)?.querySelector(selector);

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === 'Escape') {
    const menu = document.querySelector('.menu[open]');
    if (menu) {
      menu.open = false;
      menu.querySelector('summary').focus();
    }
  }
  if (event.target.closest?.('input, select, textarea, [contenteditable]')) return;
  const led = event.timeStamp - leader < 1000;
  leader = 0;
  if (led && PLACES[event.key]) document.querySelector(`[data-place="${PLACES[event.key]}"]`)?.click();
  else if (event.key === 'g') leader = event.timeStamp;
  else if (event.key === 'j') walk(1);
  else if (event.key === 'k') walk(-1);
  else if (event.key === 'c') inRow('[data-testid="cancel-open"]')?.click();
  else if (event.key === 'y') inRow('[data-copy]')?.click();
  else if (event.key === '/') document.querySelector('input[type="search"]')?.select();
  else return;
  event.preventDefault();
});

document.addEventListener('click', event => {
  for (const menu of document.querySelectorAll('.menu[open]')) if (!menu.contains(event.target)) menu.open = false;
});
