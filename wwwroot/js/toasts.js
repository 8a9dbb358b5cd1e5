// Toasts: good news leaves by itself, bad news stays until it is closed. Never the only place of a message.
const STAY = 6000;
const MOST = 3;

export function toast(message, kind = 'ok', retry) {
  if (!message) return;
  const bad = kind === 'bad';
  const region = document.getElementById(bad ? 'toasts-bad' : 'toasts');
  const same = [...region.children].find(other => other.dataset.message === message);
  const count = same ? Number(same.dataset.count) + 1 : 1;
  same?.remove();
  while (document.querySelectorAll('.toast').length >= MOST) document.querySelector('.toast').remove();

  const box = document.createElement('div');
  box.className = bad ? 'toast bad' : 'toast';
  box.dataset.testid = 'toast';
  box.dataset.message = message;
  box.dataset.count = count;
  const text = document.createElement('p');
  text.textContent = count > 1 ? `${message} (×${count})` : message;
  box.append(text);
  if (retry) box.append(button('Retry', '', () => { box.remove(); retry(); }));
  box.append(button('Close', 'close', () => box.remove()));
  region.append(box);
  if (!bad) leave(box);
}

function button(name, look, press) {
  const it = document.createElement('button');
  it.type = 'button';
  it.className = look;
  it.textContent = name;
  it.addEventListener('click', press);
  return it;
}

function leave(box) {
  let timer;
  const start = () => { timer = setTimeout(() => box.remove(), STAY); };
  const stop = () => clearTimeout(timer);
  for (const name of ['mouseenter', 'focusin']) box.addEventListener(name, stop);
  for (const name of ['mouseleave', 'focusout']) box.addEventListener(name, () => { stop(); start(); });
  start();
}

function again(source) {
  if (source?.matches?.('form')) return () => source.isConnected && source.requestSubmit();
  if (source?.matches?.('a, button')) return () => source.isConnected && source.click();
}

document.addEventListener('toast', event => toast(event.detail.message ?? event.detail.value, event.detail.kind));

document.addEventListener('htmx:before:swap', event => {
  const { response, hx, text, sourceElement } = event.detail.ctx;
  if (!response || response.status < 400 || sourceElement.id === 'stream') return;
  const ours = response.headers.has('X-Error-Code');
  if (response.status >= 500 && !ours) {
    // Something between the browser and the application answered; its page must not land in ours.
    event.preventDefault();
    toast('The server could not be reached properly. Retry.', 'bad', again(sourceElement));
  } else if (ours && hx?.reswap === 'none') {
    toast(text.trim(), 'bad');
  }
});

document.addEventListener('htmx:error', event => {
  const { ctx } = event.detail;
  if (ctx && !ctx.response && ctx.sourceElement.id !== 'stream') toast('Could not reach us. Retry.', 'bad', again(ctx.sourceElement));
});
