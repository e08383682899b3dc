// What the visitor has not read, beyond the navigation that counts it: in the tab's title, and as a notification while the page
// is hidden, where they turned those on in this browser.
(() => {
  const KEY = 'notifications';
  const NAMES = { '/party': ['message', 'in your party'], '/mail': ['letter', 'in your mailbox'] };
  const known = {};
  let title, button;

  const isOn = () => {
    try {
      return Notification.permission === 'granted' && localStorage.getItem(KEY) === 'on';
    } catch {
      return false;
    }
  };

  const notify = (link, count) => {
    const [noun, where] = NAMES[link.pathname];
    try {
      const body = `${count} unread ${noun}${count === 1 ? '' : 's'} ${where}`;
      const shown = new Notification('Murmuration', { body, tag: link.pathname, icon: '/icon-192.png' });
      shown.onclick = () => {
        focus();
        location.assign(link.href);
      };
    } catch {
      // Some phones let no page notify: the title says it.
    }
  };

  const count = () => {
    let all = 0;
    for (const mark of document.querySelectorAll('.site-nav__unread')) {
      const [link, digits] = [mark.closest('a'), mark.textContent.replace(/\D/g, '')];
      // Nothing is known of it yet.
      if (digits === '') continue;
      const unread = Number(digits);
      // What was unread when the page was opened is not news.
      if (unread > known[link.pathname] && document.hidden && isOn()) notify(link, unread);
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
    const turnsOn = !isOn();
    if (turnsOn && (await Notification.requestPermission()) !== 'granted') {
      button.textContent = 'Your browser blocks notifications';
      return;
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
    if (!button) return;
    button.addEventListener('click', choose);
    show();
    const places = document.querySelector('.site-nav');
    if (places) new MutationObserver(count).observe(places, { subtree: true, childList: true, characterData: true });
  });
})();
