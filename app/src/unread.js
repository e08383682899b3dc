// What the visitor has not read, beyond the navigation that counts it: in the tab's title, and as a notification while the page
// is hidden, where they turned those on for this region's pages.
(() => {
  const KEY = 'notifications';
  // What is read at once, here or in another tab, is not told.
  const PAUSE_MS = 1_000;
  const NAMES = { '/party': ['message', 'in your party'], '/mail': ['letter', 'in your mailbox'] };
  const known = {};
  let title, button, note, due;

  const isOn = () => {
    try {
      return Notification.permission === 'granted' && localStorage.getItem(KEY) === 'on';
    } catch {
      return false;
    }
  };

  /** Shows a notification; false where the browser has none for pages, as on some phones. */
  const notify = (body, link) => {
    try {
      const shown = new Notification('Murmuration', { body, tag: link?.pathname ?? KEY, icon: '/icon-192.png' });
      shown.onclick = () => {
        focus();
        if (link) location.assign(link.href);
      };
      return true;
    } catch {
      return false;
    }
  };

  const words = (link, count) => {
    const [noun, where] = NAMES[link.pathname];
    return `${count} unread ${noun}${count === 1 ? '' : 's'} ${where}`;
  };

  const count = () => {
    due = undefined;
    let all = 0;
    for (const mark of document.querySelectorAll('.site-nav__unread')) {
      const [link, digits] = [mark.closest('a'), mark.textContent.replace(/\D/g, '')];
      // Nothing is known of it yet.
      if (digits === '') continue;
      const unread = Number(digits);
      // What was unread when the page was opened is not news.
      if (unread > known[link.pathname] && document.hidden && isOn()) notify(words(link, unread), link);
      known[link.pathname] = unread;
      all += unread;
    }
    title ??= document.title;
    document.title = all > 0 ? `(${all}) ${title}` : title;
  };

  const show = () => {
    button.hidden = !('Notification' in window && isSecureContext);
    button.textContent = isOn() ? 'Turn off notifications' : 'Turn on notifications';
  };

  const choose = async () => {
    let turnsOn = !isOn();
    note.textContent = '';
    if (turnsOn && (await Notification.requestPermission()) !== 'granted') {
      note.textContent = 'Notifications are blocked. Allow them for this site in your browser’s settings.';
      return;
    }
    if (turnsOn && !notify('Notifications are on.')) {
      note.textContent = 'Your browser can’t show notifications.';
      turnsOn = false;
    }
    try {
      localStorage.setItem(KEY, turnsOn ? 'on' : 'off');
    } catch {
      // Without storage there are none.
    }
    show();
  };

  addEventListener('DOMContentLoaded', () => {
    button = document.querySelector('.theme__notify');
    note = document.querySelector('.theme__note');
    if (!button || !note) return;
    button.addEventListener('click', choose);
    show();
    const places = document.querySelector('.site-nav');
    const later = () => (due ??= setTimeout(count, PAUSE_MS));
    if (places) new MutationObserver(later).observe(places, { subtree: true, childList: true, characterData: true });
  });
})();
