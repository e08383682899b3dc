// What does not fit.

import type { Page } from '@playwright/test';

/** What is wider than the place it has: the window for the page, its card for the rest. */
export function overhangs(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    // A list of conversations reaches into the padding of its card.
    const cards = document.querySelectorAll('section:not(.conversation-list), .mailbox, .notices');
    const boxes = [document.documentElement, ...cards];
    const wider = boxes.filter((box) => box.scrollWidth > box.clientWidth);
    return wider.map((box) => `${box.localName}.${box.className}: ${box.scrollWidth} px`);
  });
}
