import { rewriteReplies, speakVersion } from './support/live_socket';
import { expect, test } from './support/test';

test.use({ places: ['ord'] });

test('a page that is too old loads itself anew, once, and then says so', async ({
  cluster,
  visitor,
}) => {
  const page = await visitor.tab('ord');
  const heard = await speakVersion(page.page, 0);
  let loads = 0;
  page.page.on('domcontentloaded', () => loads++);
  await page.load();

  await page.is('stopped');

  await expect(page.connectionDetail).toHaveText(
    'This page is older than the server; reload later.',
  );
  expect(loads).toBe(2);
  expect(heard.map((frame) => frame.type)).toEqual(['reload', 'reload']);

  // Its buttons still count, as forms do, and the page that comes back does not go in circles either.
  await page.more.click();
  await page.shows(1);
  await page.is('stopped');
  expect(loads).toBe(3);
  expect((await cluster.world('ord')).clicks).toBe(1);
});

test('a page that is newer than the server works in the server’s version', async ({
  cluster,
  visitor,
}) => {
  const page = await visitor.tab('ord');
  const heard = await speakVersion(page.page, 99);
  await page.load();
  await page.is('live');

  await page.click(2);

  await expect.poll(async () => (await cluster.world('ord')).clicks).toBe(2);
  await page.shows(2);
  expect(heard[0]).toMatchObject({ type: 'welcome', version: 5 });
});

test('a page whose server is too old loads itself anew, once, and then says so', async ({
  visitor,
}) => {
  const page = await visitor.tab('ord');
  await rewriteReplies(page.page, (frame) =>
    frame.type === 'welcome' ? { ...frame, version: 4 } : frame,
  );
  let loads = 0;
  page.page.on('domcontentloaded', () => loads++);
  await page.load();

  await page.is('stopped');

  await expect(page.connectionDetail).toHaveText(
    'This page is newer than the server; reload later.',
  );
  expect(loads).toBe(2);
});
