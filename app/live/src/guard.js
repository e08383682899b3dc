// Guards the page's code, which cannot do so itself. Inline in every document, before the code is loaded.
(() => {
  const KEY = 'murmuration-failed-at';
  // A page that fails again within this time, in milliseconds, is not reloaded again.
  const CALM_MS = 300_000;
  let site, served, shape, isHydrated, hasFailed;

  // Nodes and texts in their order. Attributes do not matter to the code.
  const shapeOf = (root) => {
    const nodes = document.createTreeWalker(root);
    let shape = '';
    while (nodes.nextNode()) {
      const { nodeName, nodeValue, childNodes } = nodes.currentNode;
      shape += `${nodeName} ${nodeValue ?? childNodes.length}\n`;
    }
    return shape;
  };

  // Parsed, but not announced yet: others wait for that.
  document.addEventListener('readystatechange', () => {
    site ??= document.getElementById('site');
    served ??= site?.innerHTML;
    shape ??= site && shapeOf(site);
  });

  // The code takes over the elements that the server sent, one by one. Password managers, translators and others may have
  // changed them by now: then they are made anew, with what was typed.
  document.addEventListener('hydrating', () => {
    isHydrated = true;
    if (!site || shapeOf(site) === shape) return;
    const typed = [...site.querySelectorAll('[id]')].filter((field) => 'value' in field);
    const focused = document.activeElement?.id;
    site.innerHTML = served;
    for (const { id, value, checked } of typed) {
      const field = document.getElementById(id);
      if (field && field.value !== value) field.value = value;
      if (field && checked) field.checked = true;
    }
    if (focused) document.getElementById(focused)?.focus();
  });

  const tell = () => {
    const pill = document.querySelector('.connection-pill');
    if (!pill) return;
    // A copy, which whatever still runs does not know.
    const copy = pill.cloneNode(true);
    const part = (name) => copy.querySelector(`.connection-pill__${name}`);
    copy.dataset.state = 'stopped';
    part('state').lastElementChild.textContent = 'Disconnected';
    part('details').firstElementChild.textContent =
      'This page stopped updating. Reload it to go on; its links and forms work without.';
    part('details').hidden = false;
    pill.replaceWith(copy);
  };

  // Not into a server that is gone.
  const reload = () => {
    const wait = () => {
      tell();
      setTimeout(reload, 3_000);
    };
    fetch('/ping').then(() => location.reload(), wait);
  };

  // Code that did not arrive, or panicked, never runs again.
  const fail = () => {
    if (hasFailed) return;
    hasFailed = true;
    try {
      const isFirst = Date.now() - (sessionStorage.getItem(KEY) ?? 0) > CALM_MS;
      sessionStorage.setItem(KEY, Date.now());
      if (isFirst) return reload();
    } catch {
      // Without storage nothing remembers the first time, so there is none.
    }
    tell();
  };
  addEventListener('unhandledrejection', ({ reason }) => {
    if (!isHydrated || reason instanceof WebAssembly.RuntimeError) fail();
  });
  addEventListener('error', ({ error }) => {
    if (error instanceof WebAssembly.RuntimeError) fail();
  });

  // From then on the browser does by itself what forms and links do.
  for (const type of ['click', 'input', 'keydown', 'submit']) {
    addEventListener(type, (event) => hasFailed && event.stopPropagation(), true);
  }
})();
