// What the messages of a chat and of a mail conversation have in common.

import type { Locator } from '@playwright/test';

/** The messages as `author: text`. */
export async function writtenBy(messages: Locator): Promise<string[]> {
  return messages.evaluateAll((all) =>
    all.map((message) => {
      const part = (name: string) => message.querySelector(`[data-testid=${name}]`)?.textContent;
      return `${part('message-author')}: ${part('written')}`;
    }),
  );
}
