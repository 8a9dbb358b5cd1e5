// A swap may take away what had the focus. It goes back to the same id, to the row's action, or on to the next row's.
const ROW = '.row[id]';
const held = new WeakMap();

const action = row => row?.querySelector('.a > :is(a, button)') ?? row?.querySelector('.n > a');

// Before htmx disables the pressed button, which would take the focus off it.
document.addEventListener('htmx:config:request', event => {
  const { ctx } = event.detail;
  const active = document.activeElement;
  const row = active?.closest?.(ROW);
  const near = row ?? ctx.sourceElement;
  if (!active || active === document.body || !(near.contains(ctx.sourceElement) || ctx.sourceElement.contains(active))) return;
  const rows = [...document.querySelectorAll(ROW)];
  held.set(ctx, { id: active.id, row: row?.id, last: active.id === 'load-more' ? rows.at(-1)?.id : null, later: row ? rows.slice(rows.indexOf(row) + 1).map(other => other.id) : [] });
});

document.addEventListener('htmx:finally:request', event => {
  const was = held.get(event.detail.ctx);
  if (!was || !(document.activeElement === null || document.activeElement === document.body)) return;
  // After htmx has enabled again what it disabled.
  queueMicrotask(() => {
    const byId = id => (id ? document.getElementById(id) : null);
    const open = id => [byId(id)].find(row => row && row.dataset.status !== 'canceled');
    const next = was.later.map(open).find(Boolean);
    // More rows: on with the first of them.
    const rows = [...document.querySelectorAll(ROW)];
    const fresh = was.last ? rows[rows.findIndex(row => row.id === was.last) + 1] : null;
    (fresh?.querySelector('.n > a') ?? byId(was.id) ?? action(open(was.row)) ?? action(next) ?? document.querySelector('main h1'))?.focus();
  });
});

document.addEventListener('htmx:after:settle', event => {
  for (const part of event.detail.newContent ?? []) {
    const said = part.closest?.('[data-announce]') ?? part.querySelector?.('[data-announce]');
    if (said?.dataset.announce) document.getElementById('live').textContent = said.dataset.announce;
  }
});
