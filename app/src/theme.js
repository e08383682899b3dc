// Keeps the theme that a visitor chose in this browser. Inline in every document, before its body: no page flashes in the other
// one. The style follows the buttons by itself, for one page, where this does not run.
(() => {
  const KEY = 'theme';
  const show = (theme) => (document.documentElement.dataset.theme = theme);
  try {
    show(localStorage.getItem(KEY) ?? '');
  } catch {
    // Without storage each page begins as the system asks.
  }
  addEventListener('DOMContentLoaded', () => {
    const { theme } = document.documentElement.dataset;
    const chosen = document.querySelector(`.theme input[value="${theme}"]`);
    if (chosen) chosen.checked = true;
  });
  addEventListener('change', ({ target }) => {
    if (target.name !== 'theme') return;
    show(target.value);
    try {
      localStorage.setItem(KEY, target.value);
    } catch {
      // It lasts as long as the page.
    }
  });
})();
