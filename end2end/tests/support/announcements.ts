import type { Locator } from '@playwright/test';

/** From now on, the texts that an element of the page changes to: what a screen reader announces. */
export async function announcements(element: Locator): Promise<() => Promise<string[]>> {
  const heard = await element.evaluateHandle((node) => {
    const texts: string[] = [];
    const note = () => texts.push((node.textContent ?? '').trim());
    new MutationObserver(note).observe(node, { childList: true, characterData: true, subtree: true });
    return texts;
  });
  return async () => (await heard.jsonValue()).filter(Boolean);
}
