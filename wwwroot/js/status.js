// A check of the health page whose answer never came says so, instead of being waited for. The page's own way out is to load
// it again: what was found meanwhile stands in it.
document.addEventListener('htmx:finally:request', event => {
  const part = event.detail.ctx.sourceElement;
  if (!part?.isConnected) return;
  if (part.matches('.status [data-state="checking"]')) {
    Object.assign(part.dataset, { state: 'ready', verdict: 'bad' });
    part.removeAttribute('aria-busy');
    part.querySelector('.verdict').textContent = 'Not checked';
  }
  const button = part.id === 'status-head' && part.querySelector('[aria-busy]');
  if (!button) return;
  const link = document.createElement('a');
  link.className = 'button';
  link.href = '/status';
  link.textContent = 'Load again';
  button.replaceWith(link);
});
