// Loads what the world page shows besides, once it is live and has been left alone for a moment: nothing waits for it.
addEventListener('DOMContentLoaded', () => {
  const pill = document.querySelector('.connection-pill');
  if (!pill || !document.getElementById('flights')) return;
  const load = () => {
    if (pill.dataset.state !== 'live') return;
    waiting.disconnect();
    // The page is whole without it.
    setTimeout(() => import('/sky.js').catch(() => {}), 400);
  };
  const waiting = new MutationObserver(load);
  waiting.observe(pill, { attributeFilter: ['data-state'] });
  load();
});
