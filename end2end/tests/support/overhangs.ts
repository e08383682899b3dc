// What does not fit.

import type { Page } from '@playwright/test';

/** What is wider than the place it has: the window for the page, its card for the rest. */
export function overhangs(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const boxes = [document.documentElement, ...document.querySelectorAll('section, .notices')];
    const wider = boxes.filter((box) => box.scrollWidth > box.clientWidth);
    return wider.map((box) => `${box.localName}.${box.className}: ${box.scrollWidth} px`);
  });
}
