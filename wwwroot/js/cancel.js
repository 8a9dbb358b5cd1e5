// The cancel form: ready reasons, counter, preview, keys; and the row that changes as soon as the form is sent.
const number = new Intl.NumberFormat('en-US');
const sent = new WeakMap();

function reflect(form) {
  const box = form.querySelector('textarea');
  const count = form.querySelector('[data-count]');
  const preview = form.querySelector('[data-preview]');
  const most = Number(box.dataset.max);
  if (count && most) {
    count.textContent = `${number.format(box.value.length)} of ${number.format(most)}`;
    count.classList.toggle('over', box.value.length > most);
  }
  if (preview) preview.textContent = box.value.trim() || preview.dataset.empty;
}

document.addEventListener('input', event => {
  const form = event.target.closest?.('form.cancel');
  if (form) reflect(form);
});

document.addEventListener('click', event => {
  const preset = event.target.closest('[data-preset]');
  const form = preset?.closest('form.cancel');
  if (!form) return;
  const box = form.querySelector('textarea');
  box.value = preset.dataset.preset;
  box.focus();
  reflect(form);
});

document.addEventListener('keydown', event => {
  const form = event.target.closest?.('form.cancel');
  if (!form) return;
  if (event.key === 'Escape') {
    event.preventDefault();
    form.querySelector('[data-keep]')?.click();
  } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.addEventListener('htmx:before:request', event => {
  const { ctx } = event.detail;
  const row = ctx.sourceElement.matches?.('form[data-optimistic="cancel"]') && ctx.sourceElement.closest('[data-testid="session-row"]');
  if (!row) return;
  const state = row.querySelector('.state');
  sent.set(ctx, { row, value: row.dataset.state, state, text: state?.textContent, look: state?.className });
  row.dataset.state = 'canceling';
  if (state) {
    state.textContent = 'Canceling…';
    state.className = 'state warn';
  }
});

// A refusal or a failure puts the row back, and does so before the swap: a field in a hidden form could not take the focus.
function settle(event) {
  const { ctx } = event.detail;
  const was = sent.get(ctx);
  if (!was || (ctx.response && ctx.response.status < 400)) return;
  sent.delete(ctx);
  if (was.row.dataset.state !== 'canceling') return;
  was.row.dataset.state = was.value;
  if (was.state) {
    was.state.textContent = was.text;
    was.state.className = was.look;
  }
}

document.addEventListener('htmx:before:swap', settle);
document.addEventListener('htmx:finally:request', settle);
