// Shares and copies. Inline in every document: no page's code has to know it. The style shows such buttons only where scripts run.
addEventListener('click', async ({ target }) => {
  const button = target.closest?.('[data-share], [data-copy]');
  if (!button) return;
  const { share, copy } = button.dataset;
  // What is said of it is announced, also when it is the same again.
  const note = document.getElementById(share ?? `${copy}-note`);
  const field = document.getElementById(copy);
  const url = document.querySelector('[rel=canonical]')?.href ?? location.href;
  note.textContent = '';
  if (!field && navigator.share) {
    try {
      // Not the tab's, which counts what is unread.
      const title = document.querySelector('[property="og:title"]')?.content ?? document.title;
      return await navigator.share({ title, url });
    } catch ({ name }) {
      // Whoever closes the list of ways to share wants none of them.
      if (name === 'AbortError') return;
    }
  }
  field?.select();
  try {
    // Only pages from a secure origin have a clipboard.
    await navigator.clipboard.writeText(field?.value ?? url);
    note.textContent = field ? 'Copied.' : 'Link copied.';
  } catch {
    note.textContent = field ? 'Select and copy it.' : `Copy this link: ${url}`;
  }
});
