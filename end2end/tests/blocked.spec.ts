// Pages whose sockets something blocks.

import type { Page } from '@playwright/test';
import { expect, test } from './support/test';

/** In which a page must get along without a socket, or with one again. */
const SETTLED_MS = 30_000;

/** Lets a page open sockets that close at once, until mended. */
async function blockSockets(page: Page): Promise<() => void> {
  let isBlocked = true;
  await page.routeWebSocket('**/live', (socket) => {
    if (isBlocked) void socket.close();
    else socket.connectToServer();
  });
  return () => void (isBlocked = false);
}

test.describe('sockets are blocked', () => {
  test.use({ places: ['ord', 'fra'] });

  test('clicks count, and others show', async ({ cluster, visitor }) => {
    const page = await visitor.tab('ord');
    const mend = await blockSockets(page.page);
    await page.load();
    await page.is('polling', SETTLED_MS);
    await expect(page.connectionDetail).toContainText('blocks live connections');

    await page.click(3);
    await page.shows(3);
    await expect(page.waiting).toBeHidden();
    await expect.poll(async () => (await cluster.world('fra')).clicks).toBe(3);
    await cluster.click('fra', 4);
    await page.shows(7);
    await expect(page.cell('ord', 'people')).toHaveText('1');

    mend();
    await page.is('live', SETTLED_MS);
    await page.click(1);
    await page.shows(8);
    await expect.poll(async () => (await cluster.world('fra')).clicks).toBe(8);
  });

  test('chats and letters arrive', async ({ cluster, newVisitor }) => {
    const [ann, bob] = [await newVisitor(), await newVisitor()];
    const host = await ann.start('ord', 'Ann');
    await bob.join('fra', host.code, 'Bob');
    await ann.named('ord', 'ann');
    await bob.named('fra', 'bob');

    const party = await bob.partyTab();
    await blockSockets(party.page);
    await party.page.goto(`${cluster.url('fra')}/party/${host.code}`);
    await party.is('polling', SETTLED_MS);
    await host.message.fill('Hello, Bob');
    await host.sendButton.click();
    await expect(party.messages).toContainText(['Hello, Bob']);
    await party.message.fill('Hello, Ann');
    await party.sendButton.click();
    await expect(host.messages).toContainText(['Hello, Bob', 'Hello, Ann']);
    await expect(party.participants).toHaveCount(2);

    const mail = await bob.mailTab();
    await blockSockets(mail.page);
    await mail.page.goto(`${cluster.url('fra')}/mail/ord-ann`);
    await mail.is('polling', SETTLED_MS);
    const letters = await ann.mail('ord', 'fra-bob');
    await letters.say('A letter');
    await mail.shows(['ann: A letter']);
    await mail.say('An answer');
    await letters.shows(['You: A letter', 'bob: An answer']);
  });
});

test.describe('there are too many tabs', () => {
  test.use({ places: ['ord'], settings: { ADDRESS_CONNECTIONS: '1' } });

  test('one more says so, works, and is live once another is closed', async ({ cluster, visitor, watch }) => {
    watch.allowAll(/WebSocket connection to .* failed/);
    const first = await visitor.open('ord');
    const second = await visitor.tab('ord');
    await second.load();
    await second.is('polling', SETTLED_MS);
    await expect(second.connectionDetail).toContainText('Too many tabs on your network');

    await second.click(2);
    await second.shows(2);
    await first.shows(2);
    expect((await cluster.world('ord')).clicks).toBe(2);

    await first.page.close();
    await second.is('live', SETTLED_MS);
  });
});
