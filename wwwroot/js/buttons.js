// Buttons that copy a text, and buttons that say what they have started.
document.addEventListener('click', async event => {
  const button = event.target.closest('button[data-copy]');
  if (!button || button.dataset.was) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    // Not allowed here: the text itself is selected instead, ready for the keyboard.
    const field = document.createElement('input');
    field.readOnly = true;
    field.value = button.dataset.copy;
    field.setAttribute('aria-label', button.textContent);
    button.replaceWith(field);
    field.select();
    return;
  }
  const label = button.firstChild;
  button.dataset.was = label.data;
  label.data = 'Copied';
  document.getElementById('live').textContent = button.dataset.said ?? `Copied ${button.dataset.copy}`;
  setTimeout(() => {
    label.data = button.dataset.was;
    delete button.dataset.was;
  }, 2000);
});

document.addEventListener('submit', event => {
  const button = event.submitter;
  if (!button?.dataset.busy) return;
  button.dataset.was = button.textContent;
  button.textContent = button.dataset.busy;
  button.setAttribute('aria-busy', 'true');
});

// Back from the page it led to, out of the browser's memory.
addEventListener('pageshow', () => {
  for (const button of document.querySelectorAll('button[aria-busy]')) {
    button.textContent = button.dataset.was;
    button.removeAttribute('aria-busy');
    delete button.dataset.was;
  }
});
