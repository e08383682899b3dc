import { violations } from './support/axe';
import { joinParty } from './support/party';
import { expect, test } from './support/test';

const PHONE = { width: 360, height: 740 };
/** How many people are shown before the others are folded away. */
const SHOWN = 5;
const GUESTS = Array.from({ length: 19 }, (_, at) => `Guest ${at + 1}`);

test.use({ places: ['ord'] });

test('on a phone, joining and the chat come before all people', async ({
  cluster,
  newVisitor,
}, info) => {
  const ann = await (await newVisitor({ viewport: PHONE })).start('ord', 'Ann');
  for (const name of GUESTS) await joinParty(cluster.url('ord'), ann.code, name);
  const guest = await (await newVisitor({ viewport: PHONE })).party('ord', ann.code);
  await ann.page.reload();
  await ann.settles();

  const top = async (part: typeof guest.chat) => (await part.boundingBox())?.y ?? NaN;
  const people = guest.page.getByRole('region', { name: /^People/ });
  await expect(guest.joinButton).toBeInViewport({ ratio: 1 });
  expect(await top(guest.joinButton)).toBeLessThan(await top(guest.chat));
  expect(await top(guest.chat)).toBeLessThan(await top(people));
  expect(await top(ann.chat)).toBeLessThan(PHONE.height);
  for (const [name, { page }] of [['guest', guest], ['ann', ann]] as const) {
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true });
  }
});

test('those who are online come first, the others are folded, and stay open', async ({
  cluster,
  newVisitor,
}) => {
  const ann = await (await newVisitor()).start('ord', 'Ann');
  for (const name of GUESTS) await joinParty(cluster.url('ord'), ann.code, name);
  const bo = await (await newVisitor()).join('ord', ann.code, 'Bo');
  const more = ann.page.getByText('16 more', { exact: true });
  await expect(more).toBeVisible();
  await expect(ann.participants).toHaveCount(SHOWN);
  await ann.shows(['Ann host online you', 'Bo online', 'Guest 1 offline', 'Guest 2 offline', 'Guest 3 offline']);

  await more.focus();
  await ann.page.keyboard.press('Enter');
  await expect(ann.participants).toHaveCount(GUESTS.length + 2);

  await bo.page.close();
  await expect(ann.mark('Bo', 'offline')).toBeVisible();
  await (await newVisitor()).join('ord', ann.code, 'Cy');
  await expect(ann.participants).toHaveCount(GUESTS.length + 3);
  expect((await ann.people()).slice(0, 3)).toEqual(['Ann host online you', 'Cy online', 'Guest 1 offline']);
  await expect(ann.page.getByText('17 more', { exact: true })).toBeFocused();

  const plain = await (await newVisitor({ javaScriptEnabled: false })).party('ord', ann.code);
  await expect(plain.participants).toHaveCount(SHOWN);
  await plain.page.getByText('17 more', { exact: true }).click();
  await expect(plain.participants).toHaveCount(GUESTS.length + 3);
});

test('on a wide screen the chat stays in view beside a long list', async ({
  cluster,
  newVisitor,
}) => {
  for (const viewport of [{ width: 800, height: 900 }, { width: 1440, height: 900 }]) {
    const ann = await (await newVisitor({ viewport })).start('ord', 'Ann');
    for (const name of GUESTS) await joinParty(cluster.url('ord'), ann.code, name);
    await ann.page.getByText('15 more', { exact: true }).click();
    await expect(ann.participants).toHaveCount(GUESTS.length + 1);

    await ann.participants.last().scrollIntoViewIfNeeded();

    await expect(ann.participants.first()).not.toBeInViewport();
    await expect(ann.message).toBeInViewport({ ratio: 1 });
    await expect(ann.chatLog).toBeInViewport({ ratio: 0.9 });
  }
});
