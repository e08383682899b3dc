// Loads what the world page shows besides, once it is live and has been left alone for a moment: nothing waits for it. The file's
// name holds the first digits of its SHA-256, as browsers keep it for good.
addEventListener('DOMContentLoaded', () => {
  const pill = document.querySelector('.connection-pill');
  if (!pill || !document.getElementById('flights')) return;
  const load = () => {
    if (pill.dataset.state !== 'live') return;
    waiting.disconnect();
    setTimeout(() => {
      // The content security policy trusts what trusted scripts add to the document, and not what they import.
      const sky = document.createElement('script');
      Object.assign(sky, { type: 'module', src: '/sky-7789e06e81.js' });
      document.head.append(sky);
    }, 400);
  };
  const waiting = new MutationObserver(load);
  waiting.observe(pill, { attributeFilter: ['data-state'] });
  load();
});
