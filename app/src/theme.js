// Keeps the theme that a visitor chose in this browser. Inline in every document, before its body: no page flashes in the other
// one. The style follows the buttons by itself, for one page, where this does not run.
(() => {
  const KEY = 'theme';
  const show = (theme) => (document.documentElement.dataset.theme = theme);
  const recall = () => {
    try {
      show(localStorage.getItem(KEY) ?? '');
    } catch {
      // Without storage each page begins as the system asks.
    }
    const { theme } = document.documentElement.dataset;
    const chosen = [...document.querySelectorAll('.theme input')].find(({ value }) => value === theme);
    if (chosen) chosen.checked = true;
  };
  recall();
  // Once the buttons are there; when somebody comes back to the page; and when another tab chooses.
  for (const event of ['DOMContentLoaded', 'pageshow', 'storage']) addEventListener(event, recall);
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
