// Single keys, off while typing: j and k walk the rows, c opens the cancel form (and never sends it), g s goes to Sessions.
const ROW = '[data-testid="session-row"]';
let leader = 0;

function walk(step) {
  const rows = [...document.querySelectorAll(ROW)];
  const at = rows.indexOf(document.activeElement?.closest?.(ROW));
  const row = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
  row?.querySelector('.n > a')?.focus();
}

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
  if (led && event.key === 's') document.querySelector('[data-place="sessions"]')?.click();
  else if (event.key === 'g') leader = event.timeStamp;
  else if (event.key === 'j') walk(1);
  else if (event.key === 'k') walk(-1);
  else if (event.key === 'c') document.activeElement?.closest?.(ROW)?.querySelector('[data-testid="cancel-open"]')?.click();
  else return;
  event.preventDefault();
});

document.addEventListener('click', event => {
  for (const menu of document.querySelectorAll('.menu[open]')) if (!menu.contains(event.target)) menu.open = false;
});
